package transport

var (
	FormatByRule = formatByRule
	ParseByRule  = parseByRule
)
