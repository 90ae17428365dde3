package transport

var (
	FormatByRule = formatByRule
	ParseByRule  = parseByRule
)

// ReceiptText is the decoded document.
func ReceiptText(x *ReceiptXML) string { return x.text }
