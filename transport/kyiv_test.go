package transport_test

import (
	"testing"
	"time"

	_ "time/tzdata" // the machine that runs the tests may have no time zone database

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/transport"
)

func TestFormatSent(t *testing.T) {
	moscow := time.FixedZone("", 3*3600)
	for want, at := range map[string]time.Time{
		"20230606002000": time.Date(2023, 6, 5, 21, 20, 0, 0, time.UTC),
		"20221121234900": time.Date(2022, 11, 21, 21, 49, 0, 0, time.UTC),
		"20221121234901": time.Date(2022, 11, 22, 0, 49, 1, 0, moscow),
		"20240331025959": time.Date(2024, 3, 31, 0, 59, 59, 0, time.UTC),
		"20240331040000": time.Date(2024, 3, 31, 1, 0, 0, 0, time.UTC),
		"20241027035959": time.Date(2024, 10, 27, 0, 59, 59, 0, time.UTC),
		"20241027030000": time.Date(2024, 10, 27, 1, 0, 0, 0, time.UTC),
		"20250101010000": time.Date(2024, 12, 31, 23, 0, 0, 0, time.UTC),
	} {
		require.Equal(t, want, transport.FormatSent(at))
		require.Equal(t, want, transport.FormatByRule(at))
	}
}

// TestRule compares the computed rule with the time zone database over forty years.
func TestRule(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Kiev")
	require.NoError(t, err)
	for at := time.Date(1997, 1, 1, 0, 30, 0, 0, time.UTC); at.Year() < 2038; {
		want := at.In(zone).Format("20060102150405")
		if got := transport.FormatByRule(at); got != want {
			t.Fatalf("%v: computed %s, database %s", at, got, want)
		}
		step := 30 * time.Minute // in the months of change
		if at.Month() != time.March && at.Month() != time.October {
			step *= 24
		}
		at = at.Add(step)
	}
}

func TestParseSent(t *testing.T) {
	for _, parse := range []func(string) (time.Time, error){transport.ParseSent, transport.ParseByRule} {
		for at := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2025; at = at.Add(17 * time.Minute) {
			sent := transport.FormatSent(at)
			back, err := parse(sent)
			require.NoError(t, err)
			require.Equal(t, sent, transport.FormatSent(back))
			if d := back.Sub(at); d != 0 && d != time.Hour && d != -time.Hour {
				t.Fatalf("%v became %v", at, back)
			}
		}
		for _, bad := range []string{"", "2023", "20231301000000", "2023060600200a", "20230606002000 "} {
			_, err := parse(bad)
			require.Error(t, err, bad)
		}
	}
}
