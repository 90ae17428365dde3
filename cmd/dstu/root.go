package main

import (
	"strings"

	"github.com/spf13/cobra"
)

func (a *app) rootCommand() *cobra.Command {
	var version bool
	root := &cobra.Command{
		Use:   "dstu",
		Short: "Ukrainian cryptography: sign, verify, encrypt, hash, inspect, report",
		Long: `dstu is the library github.com/ukrcrypto/dstu as a command.

FILE of "-" is standard input, "-o -" standard output. PEM, DER, Base64 and transport frames
are recognised.

Exit status: 0 done and true; 1 the cryptographic answer is no; 2 usage, input or output,
malformed or unsupported input, or something that is needed is missing: a file, a password, a
certificate, the issuer of a certificate; 130 interrupted.`,
		Example: `  dstu sign --key Key-6.dat --password-file pass --cert me.cer report.xml
  dstu verify --signature-only report.xml.p7s
  dstu inspect --json message.bin`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if version {
				return a.printVersion()
			}
			return usage("no command given; try dstu --help")
		},
	}
	root.PersistentPreRun = func(*cobra.Command, []string) { a.started = true }
	root.PersistentFlags().BoolVar(&a.json, "json", a.json, "print one JSON document")
	root.Flags().BoolVar(&version, "version", false, "print the version and the code paths in use")
	root.AddCommand(
		a.hashCommand(),
		a.inspectCommand(),
		a.keysCommand(),
		a.signCommand(),
		a.verifyCommand(),
		a.encryptCommand(),
		a.decryptCommand(),
		a.reportCommand(),
		a.speedCommand(),
		a.selftestCommand(),
		a.versionCommand(),
	)
	unsorted(root)
	return root
}

// unsorted leaves the flags of all commands in the order of their importance.
func unsorted(cmd *cobra.Command) {
	cmd.Flags().SortFlags = false
	for _, c := range cmd.Commands() {
		unsorted(c)
	}
}

// oneOf checks the value of a flag that has few.
func oneOf(flag, value string, allowed ...string) error {
	for _, v := range allowed {
		if v == value {
			return nil
		}
	}
	return noneOf(flag, value, allowed)
}

func noneOf(flag, value string, allowed []string) error {
	return usage("--%s: %q is none of %s", flag, value, strings.Join(allowed, ", "))
}

// oneFile wants one argument, and someFiles at least one.
func oneFile(cmd *cobra.Command, args []string) error {
	if len(args) > 1 {
		return usage("one FILE, not %d", len(args))
	}
	return someFiles(cmd, args)
}

func someFiles(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usage("FILE is needed; - is standard input")
	}
	return nil
}
