package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// Progress is shown on a terminal for work that takes longer than progressAfter.
const (
	progressAfter = time.Second
	progressEvery = 200 * time.Millisecond
	progressWidth = 30
)

// meter counts what is read and draws a bar on standard error.
type meter struct {
	r     io.Reader
	w     io.Writer
	size  int64 // -1: unknown
	done  int64
	begin time.Time
	drawn time.Time
}

// meter wraps an input of size octets; -1 means unknown. end clears the bar.
func (a *app) meter(r io.Reader, size int64) (in io.Reader, end func()) {
	if !a.progress {
		return r, func() {}
	}
	m := &meter{r: r, w: a.stderr, size: size, begin: time.Now()}
	return m, m.clear
}

// meterFile is meter for a file that may be read twice.
func (a *app) meterFile(f *os.File, size int64) (in io.ReadSeeker, end func()) {
	if !a.progress {
		return f, func() {}
	}
	m := &meter{r: f, w: a.stderr, size: size, begin: time.Now()}
	return struct {
		io.Reader
		io.Seeker
	}{m, f}, m.clear
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	m.done += int64(n)
	if now := time.Now(); now.Sub(m.begin) > progressAfter && now.Sub(m.drawn) > progressEvery {
		m.drawn = now
		fmt.Fprintf(m.w, "\r%s", m.bar(now.Sub(m.begin)))
	}
	return n, err
}

func (m *meter) bar(elapsed time.Duration) string {
	rate := fmt.Sprintf("%d MiB, %.1f MiB/s ", m.done>>20, float64(m.done)/(1<<20)/elapsed.Seconds())
	if m.size <= 0 {
		return rate
	}
	part := min(float64(m.done)/float64(m.size), 1)
	full := int(part * progressWidth)
	return fmt.Sprintf("[%s%s] %3.0f%% %s", strings.Repeat("=", full), strings.Repeat(" ", progressWidth-full), part*100, rate)
}

func (m *meter) clear() {
	if !m.drawn.IsZero() {
		fmt.Fprintf(m.w, "\r%s\r", strings.Repeat(" ", progressWidth+40))
		m.drawn = time.Time{}
	}
}
