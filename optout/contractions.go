package optout

import "strings"

// contractions is words that stand for others, and spellings of the ear and the thumb.
var contractions = map[string]string{
	"dont": "do not", "doesnt": "does not", "didnt": "did not", "wont": "will not", "cant": "can not",
	"cannot":  "can not",
	"wouldnt": "would not", "couldnt": "could not", "shouldnt": "should not", "isnt": "is not", "arent": "are not",
	"wasnt": "was not", "werent": "were not", "havent": "have not", "hasnt": "has not", "hadnt": "had not",
	"aint":   "is not",
	"mustnt": "must not", "neednt": "need not", "donot": "do not", "dontcha": "do not you",
	"im": "i am", "ive": "i have", "youre": "you are", "youve": "you have", "theyre": "they are", "yall": "you",
	"thats": "that is",
	"hes":   "he is", "shes": "she is", "theres": "there is", "whats": "what is", "whos": "who is",
	"gonna": "going to", "wanna": "want to", "gotta": "got to", "lemme": "let me", "gimme": "give me",
	"cause": "because",
	"cuz":   "because", "nomore": "no more", "anymore": "any more", "em": "them", "nobodys": "nobody is",
	"optout": "opt out", "optme": "opt me", "stopall": "stop all", "stop2quit": "stop to quit",
	"stop2end": "stop to end",
	"pls":      "please", "plz": "please", "u": "you", "ur": "your", "ya'll": "you", "msgs": "messages",
	"msg": "message", "msging": "messaging",
	"txt": "text", "txts": "texts", "txting": "texting", "callin": "calling", "textin": "texting",
	"botherin": "bothering",
	"messagin": "messaging", "ringin": "ringing", "sendin": "sending", "unsub": "unsubscribe",
	"rmv": "remove", "txtin": "texting", "mssging": "messaging", "msgin": "messaging", "mssg": "message",
	"txtn": "texting", "txted": "texted", "dnt": "do not", "plss": "please", "w": "with", "abt": "about",
	"tmrw": "tomorrow", "tmr": "tomorrow", "tmw": "tomorrow",
	"outta": "out of", "hafta": "have to", "needa": "need to", "tryna": "trying to", "imma": "i am going to",
	"cal":    "call",
	"caling": "calling", "calll": "call", "cals": "calls", "callme": "call me",
	"unsubcribe": "unsubscribe",
	"unsuscribe": "unsubscribe", "unsubscibe": "unsubscribe", //nolint:misspell // as people write
	"stpo": "stop", "sotp": "stop", "stopp": "stop", "stp": "stop", //nolint:misspell // as people write
	"ma'am": "maam", "ok": "okay", "sms": "texts", "sms's": "texts", "cell phone": "cellphone", "q": "que", "del": "de el",
	"xq":      "porque",
	"alright": "okay", "nuthin": "nothing", "phonecalls": "calls", "phonecall": "call",
}

// suffixes is what may stand after an apostrophe, and what it stands for.
var suffixes = map[string]string{"ll": "will", "d": "would", "m": "am", "re": "are", "ve": "have"}

// areIs is the words after which 's is a verb; after others it is the genitive.
const areIs = " it he she that this there who what here where how when everybody everyone somebody someone nobody "

// appendWord adds a word, or those that it stands for.
func appendWord(s sentence, w string) sentence {
	if head, ok := strings.CutSuffix(w, "in'"); ok && len(head) > 2 { // callin'
		w = head + "ing"
	}
	w = strings.Trim(w, "'")
	joined := strings.ReplaceAll(w, "'", "")
	if full, ok := contractions[joined]; ok && (joined != "hes" && joined != "whos" || w != "") {
		return append(s, strings.Fields(full)...)
	}
	head, tail, ok := strings.Cut(w, "'")
	if !ok {
		if w == "" {
			return s
		}
		return append(s, squeeze(w))
	}
	switch full := suffixes[tail]; {
	case full != "":
		return append(s, head, full)
	case tail == "s" && strings.Contains(areIs, " "+head+" "):
		return append(s, head, "is")
	case tail == "s" && head == "let":
		return append(s, head, "us")
	case tail == "s":
		return append(s, head)
	}
	return append(s, joined)
}

// squeeze makes one letter of three or more of a kind: stoppp.
func squeeze(w string) string {
	run := 0
	for i := range len(w) - 1 {
		if w[i] != w[i+1] || w[i] < 'a' || w[i] > 'z' {
			run = 0
		} else if run++; run == 2 {
			break
		}
	}
	if run < 2 {
		return w
	}
	var b strings.Builder
	for i := range len(w) {
		if i == 0 || w[i] != w[i-1] {
			b.WriteByte(w[i])
		}
	}
	return b.String()
}
