package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRun(t *testing.T) {
	dir := t.TempDir()
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out, dir))
	for _, want := range []string{
		"підпис 1: Коваленко Олена Петрівна",
		"підпис 2: Шевчук Андрій Іванович",
		"підпис 3: ТОВ «Світанок»",
		"КВИТАНЦІЯ № 1", "КВИТАНЦІЯ № 2", "Підписів перевірено: 3",
		"хибний пароль", "один змінений біт — висновок «failed»", "чужий одержувач",
	} {
		require.Contains(t, out.String(), want)
	}
	for _, name := range []string{"archive/" + fileName + ".kvt1", "archive/" + fileName + ".kvt2", "accountant/Key-6.dat", "accountant/sign.cer", "centre/agree.cer"} {
		info, err := os.Stat(filepath.Join(dir, name))
		require.NoError(t, err)
		require.NotZero(t, info.Size())
	}
	require.False(t, strings.Contains(out.String(), "%!"), "a format string does not fit: %s", out.String())
}

func TestRunLeavesNothing(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	require.NoError(t, run(t.Context(), new(bytes.Buffer), ""))
	left, err := os.ReadDir(temp)
	require.NoError(t, err)
	require.Empty(t, left)
}
