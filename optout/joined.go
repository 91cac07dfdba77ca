package optout

import (
	"slices"
	"strings"
)

// Joined tells what two utterances mean that a pause of up to 3 s came between, and that only
// both together mean: a part of it is in each. The first must be left hanging ("I don't want
// any more"), or the second begin as no sentence does ("off your list"): two whole sentences
// are never one refusal.
func Joined(first, second string) (m Meaning) {
	a, b := sentences(first), sentences(second)
	if len(a) == 0 || len(b) == 0 {
		return m
	}
	head, tail := a[len(a)-1], b[0]
	if len(head) > widest/2 {
		head = head[len(head)-widest/2:]
	}
	if len(tail) > widest/2 {
		tail = tail[:widest/2]
	}
	last := head[len(head)-1]
	if !strings.Contains(hanging, " "+last+" ") && !strings.Contains(goesOn, " "+tail[0]+" ") ||
		strings.Contains(subjects, " "+tail[0]+" ") && !strings.Contains(wanting, " "+last+" ") {
		return m
	}
	cut := len(head)
	for w := range windows(append(head[:cut:cut], tail...)) {
		if w.instructs() {
			return m
		}
		w.claims(func(got Meaning, from, to int) {
			partly := (w.ofTexts(from, to) || w.ofOne(from, to)) && slices.ContainsFunc(b, mayCall)
			if from < cut && cut < to && got.Kind != Unclear && !partly && w.closes(to) {
				m = weightier(m, got)
			}
		})
	}
	if last == "no" && len(head) == 1 { // "No." "Hable más despacio."
		return Meaning{}
	}
	if last != "not" && last != "no" || strings.ContainsAny(second, ",") {
		return m
	}
	switch { // "Please don't. Call me tomorrow." may be two sentences
	case m.Kind == Preference, m.Kind == Refusal && last == "no" && !tail.lasting():
		return Meaning{}
	case m.Kind == Refusal && !tail.lasting():
		return Meaning{Kind: Unclear}
	}
	return m
}

// hanging is words that end no sentence, goesOn those that begin none; subjects begin a new one,
// except after a wish.
const (
	subjects = " i we they he she it there no yes are is does did what who when where why "
	wanting  = " want wants like need wish if rather "
	hanging  = " not never no to want wants like need wish stop quit cease taking take remove delete get put my " +
		"your the these this that any more off from of on out be" +
		" being you would could can will interested in agree consent consented agreed authorize authorized " +
		"sign ask asked permission calling contacting receive receiving" +
		" getting with have had for whatever do call contact opt sick tired enough de que me no quiero dejen " +
		"deje mas la mi su sus recibir nunca autorizo "
	goesOn = " off from of out anymore any again ever calling texting contacting mas nunca de up "
)

// closes tells whether a sentence may end at a place: what follows is no verb of its own.
func (w *window) closes(at int) bool {
	return w.at(w.grammar.rules["CLOSES"], at) != 0
}

// lasting tells whether a sentence has a word that only goes with a no.
func (s sentence) lasting() bool {
	for _, w := range s {
		switch w {
		case "again", "any", "ever", "more", "here", "mas", "nunca", "nobody":
			return true
		}
	}
	return false
}
