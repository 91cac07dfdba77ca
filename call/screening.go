package call

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// speaker is who speaks on the other side, by their words.
type speaker int

const (
	someone   speaker = iota // nothing is known: a person
	mailbox                  // a voicemail greeting
	fullBox                  // a mailbox that takes no message
	assistant                // one that asks who calls before it passes the call on
	menu                     // "press 1 for"
	speakers                 // their number
)

// sayings is how a speaker is known: by words that each mean it alone, unless the words of
// a person are there, too.
type sayings struct {
	speaker  speaker
	hints    []string // pieces of words of which one is there: most of what people say need not be looked at closer
	all      bool     // every one of is, not any
	is, isnt phrases
}

const (
	key   = `(?:0|1|2|3|4|5|6|7|8|9|zero|one|two|three|four|five|six|seven|eight|nine|star|pound|the star key|the pound key)`
	tecla = `(?:0|1|2|3|4|5|6|7|8|9|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve)`
)

// offers is how a person speaks who takes a message, or asks about one.
var offers = patterns(`(would|do|did|can|could|may|shall|should|want|like|happy|glad) (you|i|we|he|she|to)( \w+){0,3} (leave|take|record|have)`, `take a message`, `(leave|left|give) (a|the|your|that) message (with|for) (me|us|him|her|them|\w+ (desk|office|secretary|assistant))`,
	`\b(i|we|you|he|she|they|ill|didnt|did not|couldnt|already|just) (left|leave) (a|you|him|her|them|the)\b`, `(quiere|desea|puedo|gusta) \w*( \w+){0,2} (dejar|dejarle|tomar|recado)`)

// table is the words of those who are no person, the surest first. They stand in plain
// text: lower case, no accents, no punctuation, no apostrophes.
var table = []sayings{
	{speaker: fullBox, hints: strings.Fields("mail inbox voice messages buzon"), is: patterns(`(mailbox|mail box|voicemail|voice mail|inbox)( \w+){0,6} (is|s) (currently |now |already )?full\b`, `mailbox (belonging|for)( \w+){0,8} is full`, `(cannot|can not|cant|unable to|not able to|will not|is not) (accept|accepting|take|receive|record) (any )?(new |more )?messages`,
		`(voicemail|voice mail|mailbox)( \w+){0,4} (has not|hasnt|have not) been (set up|initialized|activated)`, `(voicemail|voice mail)( \w+){0,2} (is )?not (been )?set up`, `buzon( \w+){0,4} (esta )?lleno`),
		isnt: patterns(`\b(my|your|our) (mailbox|mail box|inbox) (was|were)`, `\b(is|was|if) (my|your) (mailbox|inbox|voicemail)`, `\b(i|im|i am) (cannot|can not|cant|wont|will not|unable to|not able to) (accept|take|receive|record)`)},
	{speaker: assistant, hints: strings.Fields("screen assistant google conversation name available able accept request nombre filtrado person"), is: patterns(
		`(person|party|customer|subscriber|number) (you are|youre|youve|you have|that you are|you) (calling|trying to reach|called|dialed|reached)( \w+){0,6} (screening|screened|screens|screener|call assistant|virtual assistant|google|assistant)`,
		`(calling|call) (is using|uses|will be screened|is being screened)( \w+){0,6} (screening|screen|assistant|service|google|automated)`, `\bgoogles? (call|calling) (assistant|screen)`, `(call|calls|caller) (screening|screen) (service|assistant|from)`, `get a copy of this conversation`,
		`(state|say|record|give|provide|tell \w+) (me |us )?your (full )?name and (the |a |your )?(\w+ )?(reason|purpose|why|what)`, `(state|record) your name( \w+){0,4} (after|at) the (tone|beep|signal)`, `(say|state) your name and (then )?(press|hold|wait|ill|i will|stay)`,
		`ill see if (this person|the person|they|he|she|\w+) (is|are|s)? ?(available|able)`, `i will see if (this person|the person|they|he|she) (is|are) available`, `(checking|see) (if|whether) (this|the) person (is|can)`,
		`(does not|doesnt|do not|not) (accept|accepting)( \w+){0,3} (calls from|unidentified|unknown|anonymous|blocked)`, `(subscriber|customer)s? request(ed)?( \w+){0,8} (calls|callers)`,
		`diga su nombre y (el |la )?(motivo|razon)`, `servicio de filtrado de llamadas`),
		isnt: patterns(`\b(can|could|may|would|will) (you|i) (please )?(state|say|tell|have|get|give)`)},
	{speaker: mailbox, hints: strings.Fields("tone beep signal tono senal bip mail machine system done finished buzon"), is: patterns(
		`\b(leave|record|dejar?|deje|deja|grabe)\b( \w+){0,14} (after|at|following|despues|luego|tras|al) (the |del? |de |el |la |of the )?(\w+ )?(tone|beep|signal|tono|senal|bip)\b`, `\b(at|after|al|despues|tras) (the|de|del|el|oir el|escuchar el) (tone|beep|tono|senal|bip)( \w+){0,3} (leave|record|deje|grabe)\b`,
		`(forwarded|transferred|sent|directed|diverted|connected) to( \w+){0,4} (voice ?mail|voice ?mailbox|voice message(ing)? system|voice messaging|answering machine)`, `reached( \w+){0,3} (voice ?mail|voice ?mailbox|mailbox|answering machine)\b`,
		`(voice ?mail|mailbox) (box )?(of|belonging to|for) \w+( \w+){0,8} (leave|tone|beep|message)`, `when (you are|youre|you have) (done|finished|finished recording)( \w+){0,5} (hang up|press|simply)`, `(ha llamado|se ha comunicado)( \w+){0,4} buzon`),
		isnt: offers},
	{speaker: mailbox, hints: strings.Fields("message name number mensaje recado nombre"), all: true, is: patterns( // a request for a message, and a reason why nobody is there
		`\b(leave|record|deje|deja|dejame|dejeme) (me |us )?(a|an|your|the|un|su|tu) (\w+ ){0,4}?(message|name|number|mensaje|recado|nombre)\b`,
		`(cant|cannot|can not|could not|couldnt|unable to|not able to|not available|unavailable|not here|isnt here|not home|not in the office|missed your call|away from (my|the|our|his|her)|no puedo (contestar|atender)|no (me encuentro|estoy|esta) (disponible|en casa)|no (podemos|puede) (contestar|atender))|`+
			`\b(ill|well|i will|we will|someone will|and i|and we) (\w+ )?(get back|call you back|return your call|be in touch)|(get back to you|return your call) (as soon|when|at)`),
		isnt: offers},
	{speaker: menu, hints: strings.Fields("press dial say option extension oprim presion marque marca puls espanol"), is: patterns(`\bpress (the )?(number )?`+key+` (for|to|if|now|or say|and)\b`, `\b(for|to|if)( \w+){1,12} (please )?press (the )?(number )?`+key+`\b`, `\b(for|to)( \w+){1,8} (dial|dial or press|say or press|press or say|say `+key+`( \w+){2,8} say) `+key+`\b`, `press (any key|`+key+`)( \w+){0,4} (to be connected|to continue|to accept)`,
		`(listen carefully|pay attention)( \w+){0,4} (menu|options)`, `(menu )?options have( \w+){0,2} changed`, `if you know (your|the) partys extension`, `dial (your|the) partys extension`, `(para|si)( \w+){1,12} (oprima|presione|marque|pulse|oprime|marca)( el| la| numero)* `+tecla+`\b`, `para (espanol|continuar en espanol)`, `(oprima|presione|marque|pulse) (el |la |el numero )?`+tecla+` (para|si)\b`),
		isnt: patterns(`\b(i|we|he|she|it|you|they|who|didnt|already|just) (have to |had to |need to |should |can |could |must |will |would |always |even |tried to )?(press|pressed|dial|dialed)`, `(do|should|can|did|must|could) (i|we) press`, `press (the )?`+key+` and (nothing|it|then it|i|nobody)`, `(told|tells|asked|said) (me )?to press`)},
}

// Words of somebody who is there. Those of the first kind no greeting has.
var (
	isThere  = patterns(`\b(im|i am) (here|home|back|on the line)\b`, `\bhello hello\b`, `\b(is )?(anybody|anyone|someone|somebody) there\b`, `are you (still )?there`, `\bwho(s| is) (this|calling|there)`, `(how )?(can|may) i help you`, `just (kidding|joking)`, `(i )?just picked up`, `how can i help`, `\bthis is (he|she|him|her)\b`, `quien (es|habla|llama)`)
	mayGreet = patterns(`^(uh |um |oh |yes |yeah |sorry |wait )*(hello|hi|hey|yes|yeah|yep|speaking|this is \w+|\w+ speaking|good (morning|afternoon|evening)|hola|bueno|diga|si)( there| hello| hi| yes| sir| maam| this is \w+)*$`)
)

// phrases are regular expressions, compiled when they are first asked for: a service that
// places no call never needs them, and they take more than a megabyte.
type phrases func() []*regexp.Regexp

func patterns(list ...string) phrases {
	return sync.OnceValue(func() (all []*regexp.Regexp) {
		for _, p := range list {
			all = append(all, regexp.MustCompile(p))
		}
		return all
	})
}

// anyOf tells whether one of them is in plain words; none is in no phrases.
func anyOf(list phrases, plain string) bool {
	return list != nil && slices.ContainsFunc(list(), func(p *regexp.Regexp) bool { return p.MatchString(plain) })
}

// who tells who speaks, by plain words.
func who(plain string) speaker {
	for _, s := range table {
		if s.matches(plain) {
			return s.speaker
		}
	}
	return someone
}

func (s sayings) matches(plain string) bool {
	hinted := func(h string) bool { return strings.Contains(plain, h) }
	if !slices.ContainsFunc(s.hints, hinted) || anyOf(s.isnt, plain) {
		return false
	}
	if !s.all {
		return anyOf(s.is, plain)
	}
	for _, p := range s.is() {
		if !p.MatchString(plain) {
			return false
		}
	}
	return true
}

// unaccented takes the accents off the letters of English and Spanish.
var unaccented = strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u", "ü", "u", "ñ", "n", "'", "", "’", "", "‘", "")

// plainMost bounds the characters of an utterance that are looked at.
const plainMost = 600

// plainWords is an utterance without what is not spoken: case, accents, punctuation.
func plainWords(text string) string {
	if len(text) > plainMost {
		text = text[:plainMost]
	}
	text = unaccented.Replace(strings.ToLower(text))
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}
