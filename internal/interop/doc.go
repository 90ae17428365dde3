// Package interop holds the interoperability tests of the module: what we
// make, independent implementations read; what they make, we read. There is no
// code here that the library uses.
//
// The partners come from package registries only:
//
//   - jkurwa and gost89 (npm, run by Node 20 or newer; versions in
//     node/package.json): CMS, key containers, certificates, transport
//     messages, GOST 34.311 and GOST 28147;
//   - Bouncy Castle (Debian's libbcprov-java and libbcpkix-java, run by a JDK):
//     DSTU 4145, certificates, CMS, key agreement, GOST and Kupyna.
//
// The programs in node and java are ours and only call the partners. Each runs
// as a child process that answers one request a line.
//
// install.sh installs what is missing on a Debian machine with Go, gcc, Node,
// npm and a JDK. Then, from the root of the module:
//
//	go test -tags interop ./internal/interop
//
// Without the tag no test is built. With it, a test whose partner is not
// installed skips and says what is missing; with DSTU_INTEROP=required in the
// environment it fails instead. Random cases differ from run to run; a failure
// prints the seed, and DSTU_INTEROP_SEED (hexadecimal) repeats it.
package interop
