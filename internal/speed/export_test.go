package speed

// MeasureOne measures an operation beside another, on portable code.
func MeasureOne(bytes int, ours, theirs func() error, o Options) (Row, error) {
	yardsticks["test"] = func(int) (operation, error) { return operation{bytes, theirs}, nil }
	defer delete(yardsticks, "test")
	p := primitive{"test", nil, "test", func() (operation, error) { return operation{bytes, ours}, nil }}
	return p.measure("generic", o)
}
