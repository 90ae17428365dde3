// Package examples holds worked examples. The directory report is the main job of the library
// from end to end: run it with
//
//	go run ./examples/report
//
// The examples of this package are a page each: sign and verify a file, open a key container,
// decrypt a message.
package examples
