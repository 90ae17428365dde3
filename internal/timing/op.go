package timing

import (
	"fmt"
	"os"
	"strconv"
	"testing"
)

// Op is an operation to measure: [Experiment.Measure] with a name.
type Op struct {
	Name    string
	Measure func(count int) (Result, error)
}

// Test measures each operation as often as the variable DSTU_TIMING of the environment says, prints
// rows of a table that begin with path, and fails where a difference shows. Without the variable it
// makes few measurements of each and does not judge them.
func Test(t *testing.T, path string, few int, ops []Op) {
	count := few
	s, judge := os.LookupEnv("DSTU_TIMING")
	if judge {
		var err error
		if count, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
		fmt.Println("path | operation | measurements | time, ns | fixed - random, ns | t")
	}
	for _, o := range ops {
		t.Run(path+"/"+o.Name, func(t *testing.T) {
			r, err := o.Measure(count)
			if err != nil {
				t.Fatal(err)
			}
			if n := r.N[0] + r.N[1]; n != count {
				t.Errorf("%d measurements, not %d", n, count)
			}
			if !judge {
				return
			}
			fmt.Printf("%s | %s | %v\n", path, o.Name, r)
			if r.Leaks() {
				t.Errorf("t = %.2f", r.T)
			}
		})
	}
}
