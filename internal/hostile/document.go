package hostile

import "strings"

// JSON are documents that are hostile as a whole, whatever the entry point's fields.
func JSON() []Input {
	return []Input{
		{"nothing", ""},
		{"null", "null"},
		{"a number", "1e999"},
		{"half an object", `{"a":`},
		{"two objects", `{}{}`},
		{"NUL behind the object", "{}\x00"},
		{"invalid UTF-8", "{\"a\xff\":\"\xfe\"}"},
		{"a lone surrogate", `{"a":"\ud800"}`},
		{"the same key again", `{` + join(ManyKeys, `"a":%d`) + `}`},
		{"100,000 keys", `{` + join(ManyKeys, `"k%d":0`) + `}`},
		{"100,000 elements", `[` + join(ManyKeys, `{"k":%d}`) + `]`},
		{"deep objects", strings.Repeat(`{"a":`, Deep) + `1` + strings.Repeat(`}`, Deep)},
		{"deep arrays", strings.Repeat(`[`, Deep) + strings.Repeat(`]`, Deep)},
		{"deep and not closed", strings.Repeat(`{"a":[`, Deep)},
		{"a name of 16 MiB", `{"` + strings.Repeat("a", Huge) + `":1}`},
		{"a text of 16 MiB", `{"a":"` + strings.Repeat("a", Huge) + `"}`},
		{"a number of 16 MiB", `{"a":` + strings.Repeat("1", Huge) + `}`},
		{"spaces of 16 MiB", strings.Repeat(" ", Huge) + `{}`},
	}
}

// Fill puts a text in the place of the first % of a JSON document, as a JSON string
// that keeps each byte: what JSON can't carry bare is escaped, invalid UTF-8 stays.
func Fill(document, text string) string {
	before, after, found := strings.Cut(document, "%")
	if !found {
		panic("internal error: hostile: the document has no %")
	}
	return before + quote(text) + after
}

// quote is json.Marshal for bytes: that replaces invalid UTF-8.
func quote(text string) string {
	const digits = "0123456789abcdef"
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(text) {
		if c := text[i]; c < ' ' || c == '"' || c == '\\' {
			b.WriteString(`\u00`)
			b.WriteByte(digits[c>>4])
			b.WriteByte(digits[c&15])
			continue
		}
		b.WriteByte(text[i])
	}
	b.WriteByte('"')
	return b.String()
}

// YAML are files that are hostile as a whole.
func YAML() []Input {
	var aliases strings.Builder
	aliases.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 10; i++ {
		n, last := string(rune('0'+i)), string(rune('0'+i-1))
		aliases.WriteString("a" + n + ": &a" + n + " [" + strings.TrimSuffix(strings.Repeat("*a"+last+", ", 9), ", ") + "]\n")
	}
	return []Input{
		{"nothing", ""},
		{"a list", "- a\n- b\n"},
		{"NUL", "a: \"x\x00y\"\n"},
		{"ESC in a key", "\"\\e[2J\": 1\n"},
		{"invalid UTF-8", "a: \xff\xfe\n"},
		{"a tag", "a: !!binary \"////\"\nb: !exec {cmd: x}\n"},
		{"billions by aliases", aliases.String()},
		{"an alias of itself", "a: &a [*a]\n"},
		{"100,000 keys", "{" + join(ManyKeys, "k%d: 0") + "}\n"},
		{"deep lists", strings.Repeat("[", Deep) + strings.Repeat("]", Deep)},
		{"deep and not closed", strings.Repeat("{a: ", Deep)},
		{"a text of 16 MiB", "a: " + strings.Repeat("a", Huge) + "\n"},
	}
}

// CSV are files that are hostile as a whole. Head is the line of columns that the
// entry point wants, without its end.
func CSV(head string) []Input {
	columns := strings.Count(head, ",") + 1
	row := func(cell string) string { return strings.TrimSuffix(strings.Repeat(cell+",", columns), ",") + "\n" }
	list := []Input{
		{"nothing", ""},
		{"no rows", head + "\n"},
		{"NUL", head + "\n" + row("a\x00b")},
		{"an open quote", head + "\n\"" + strings.Repeat("a\n", 1000)},
		{"100,000 columns", head + strings.Repeat(",x", ManyKeys) + "\n" + strings.Repeat("a,", ManyKeys) + "\n"},
		{"a cell of 16 MiB", head + "\n" + strings.Repeat("a", Huge) + "\n"},
		{"a line of 16 MiB", strings.Repeat("a", Huge)},
	}
	for _, in := range Words() {
		list = append(list, Input{in.Name, head + "\n" + row(strings.ReplaceAll(in.Text, ",", ""))})
	}
	return list
}
