package cryptotest

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// Allocated counts the octets and the objects that the program allocates while f runs, in all
// goroutines. It is the measure of work where a test bounds work: time says as much about the
// machine as about the program.
func Allocated(f func()) (octets, objects uint64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc, after.Mallocs - before.Mallocs
}

// Peak samples the heap while f runs and returns by how many octets it grew. Garbage is collected
// eagerly, as it would count otherwise.
func Peak(f func()) uint64 {
	defer debug.SetGCPercent(debug.SetGCPercent(2))
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	runtime.GC()
	metrics.Read(sample)
	base := sample[0].Value.Uint64()
	high, stop, done := base, make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			metrics.Read(sample)
			high = max(high, sample[0].Value.Uint64())
			select {
			case <-stop:
				return
			case <-time.After(50 * time.Microsecond):
			}
		}
	}()
	f()
	close(stop)
	<-done
	return high - base
}
