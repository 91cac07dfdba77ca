package optout

import "strings"

// spanishVerbs is the verbs of the Spanish rules by their kind: the infinitive and, after a
// colon, the stem of the subjunctive where it has another one, after a second that of the present.
var spanishVerbs = map[string]string{
	"REACH": "llamar marcar:marqu hablar telefonear contactar textear buscar:busqu localizar:localic " +
		"timbrar escribir rellamar",
	"BOTHER": "molestar fastidiar hostigar:hostigu acosar jorobar chingar:chingu joder perturbar " +
		"atosigar:atosigu incomodar " +
		"importunar mensajear spamear contactar bombardear insistir",
	"SEND": "mandar enviar dejar hacer:hag",
	"REMOVE": "quitar sacar:saqu borrar eliminar remover:remuev:remuev retirar " +
		"excluir:excluy:excluy tachar suprimir desuscribir desinscribir",
}

// spanishRules is the text of the rules for the forms of these verbs: usted, ustedes, tú, vos and
// vosotros, each with and without the clitics that are written in one word with them.
func spanishRules() string {
	var b strings.Builder
	for kind, verbs := range spanishVerbs {
		rules := map[string][]string{}
		for spec := range strings.FieldsSeq(verbs) {
			for form, words := range spanishForms(spec) {
				rules[form] = append(rules[form], words...)
			}
		}
		for form, words := range rules {
			b.WriteString(kind + "_" + form + " = " + strings.Join(words, "/") + "\n")
		}
	}
	return b.String()
}

// spanishForms is the forms of one verb, without accents.
func spanishForms(spec string) map[string][]string {
	infinitive, rest, _ := strings.Cut(spec, ":")
	subjunctive, present, _ := strings.Cut(rest, ":")
	stem, class := infinitive[:len(infinitive)-2], infinitive[len(infinitive)-2:]
	if subjunctive == "" {
		subjunctive = stem
	}
	if present == "" {
		present = stem
	}
	a, e, gerund, participle, past := "a", "e", "ando", "ado", "ara|aran|aras|ase|asen|arais"
	if class != "ar" {
		a, e, gerund, participle, past = "e", "a", "iendo", "ido", "iera|ieran|ieras|iese|iesen"
	}
	clitics := []string{"me", "nos", "le", "les", "lo", "los", "la", "las", "melo"}
	with := func(form ...string) (all []string) {
		for _, f := range form {
			for _, c := range clitics {
				all = append(all, f+c)
			}
		}
		return all
	}
	orders := []string{present + a, subjunctive + e, subjunctive + e + "n", stem + class[:1] + "d"}
	forms := map[string][]string{
		"sub":   {subjunctive + e, subjunctive + e + "n", subjunctive + e + "s", subjunctive + e + "is"},
		"inf":   append(with(infinitive), infinitive),
		"infme": {infinitive + "me", infinitive + "nos"},
		"ger":   append(with(stem+gerund), stem+gerund),
		"imp0":  orders,
		"pres":  {present + a, present + a + "n", present + a + "s"},
		"part":  {stem + participle, stem + participle[:2] + "a", stem + participle + "s"},
		"fut":   {infinitive + "an", infinitive + "a", infinitive + "as"},
	}
	for _, o := range orders {
		forms["implo"] = append(forms["implo"], o+"lo", o+"los")
		forms["imp"] = append(forms["imp"], o+"me", o+"nos", o+"melo", strings.TrimSuffix(o, "n")+"nme")
	}
	for ending := range strings.SplitSeq(past, "|") {
		forms["impf"] = append(forms["impf"], stem+ending)
	}
	return forms
}
