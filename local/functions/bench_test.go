package functions

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"
)

// BenchmarkInvoke is what defaultProcesses is chosen by: 16 callers, and a function that waits 3 ms for a table.
func BenchmarkInvoke(b *testing.B) {
	for _, processes := range []int{1, 2, 4, 8} {
		b.Run(fmt.Sprintf("processes=%d", processes), func(b *testing.B) {
			f, _ := running(b, fakeProgram("function"), Config{Processes: processes})
			wait := event(b, order{Do: "wait", N: 3})
			var took []time.Duration
			var mu sync.Mutex
			callers := make(chan struct{}, b.N)
			for range b.N {
				callers <- struct{}{}
			}
			close(callers)
			b.ResetTimer()
			var all sync.WaitGroup
			for range 16 {
				all.Go(func() {
					for range callers {
						began := time.Now()
						if _, err := f.Invoke(b.Context(), wait); err != nil {
							b.Error(err)
						}
						mu.Lock()
						took = append(took, time.Since(began))
						mu.Unlock()
					}
				})
			}
			all.Wait()
			slices.Sort(took)
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
			b.ReportMetric(0, "ns/op")
		})
	}
}
