package amd

import (
	"regexp"
	"slices"
	"strings"
)

// Speaker is who speaks on the other side, by their words.
type Speaker int

// The speakers.
const (
	Someone   Speaker = iota // nothing is known: a person
	Mailbox                  // a voicemail greeting
	FullBox                  // a mailbox that takes no message
	Assistant                // one that asks who calls before it passes the call on
	Menu                     // "press 1 for"
	speakers                 // their number
)

// sayings is how a speaker is known: by words that each mean it alone, unless the words of
// a person are there, too.
type sayings struct {
	speaker  Speaker
	hints    []string // pieces of words of which one is there: most of what people say need not be looked at closer
	is, isnt Phrases
	words    func(plain string) bool // instead of is
}

const (
	key   = `(?:0|1|2|3|4|5|6|7|8|9|zero|one|two|three|four|five|six|seven|eight|nine|star|pound|the star key|the pound key)`
	tecla = `(?:0|1|2|3|4|5|6|7|8|9|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve)`
)

// offers is how a person speaks who takes a message, or asks about one: "she's not here, leave
// your number and I'll tell her". A greeting speaks of its own people as I or we.
var offers = Patterns(`(would|do|did|can|could|may|shall|should|want|like|happy|glad) (you|i|we|he|she|to)( \w+){0,3} (leave|take|record|have)`, `take (a|your|down) (your |the |their )?(message|name|number|note)`, `(leave|left|give)( \w+){1,6} with (me|us|him|her|them|(\w+ ){1,3}(desk|office|secretary|assistant))`,
	`(leave|left|give) (a|the|your|that) message for (me|us|him|her|them)`, `\b(ill|i will|i can|i could|let me|happy to|ill make sure)( \w+)? (tell|let|give|pass|have|take|relay)( \w+){0,2} (him|her|them|he|she|they|it|on|along|down|dana|know|message)\b`,
	`\b(he|she|they|hell|shell|theyll)( will|ll)? (call|get back|ring|return|text)`, `\b(he|she) (is|s|isnt|cant|cannot|just|wont|stepped|went|hes|shes)\b( \w+){0,12} (leave|give)( me)? (your|a)`, `\b(hes|shes|my (husband|wife|mom|mother|dad|father|son|daughter|roommate|boss))\b( \w+){0,12} (leave|give)( me)? (your|a)`,
	`\b(i|we|you|he|she|they|already|just) left (a|you|him|her|them|the)\b`, `\b(i|we|he|she|they|ill|didnt|did not|couldnt) leave (a|you|him|her|them|the)\b`, `(quiere|desea|puedo|gusta) \w*( \w+){0,2} (dejar|dejarle|tomar|recado)`, `\b(le|les|se lo|se la) (digo|dire|doy|dare|aviso|avisare|paso|tomo)\b`, `\b(el|ella) (le|lo|la|te) (llama|llamara|regresa|devuelve|marca)`,
	`(quiere|gusta|quieres) que le`, `(yo|si quiere) (le|lo|te) (llama|doy|digo)`)

// table is the words of those who are no person, the surest first. They stand in plain
// text: lower case, no accents, no punctuation, no apostrophes.
var table = []sayings{
	{speaker: FullBox, hints: strings.Fields("mail inbox voice messages message buzon memor tape code correo casilla"), is: Patterns(`(mailbox|mail box|voicemail|voice mail|inbox)( \w+){0,6} (is|s) (currently |now |already )?full\b`, `mailbox (belonging|for)( \w+){0,8} is full`, `(cannot|can not|cant|unable to|not able to|will not|is not) (accept|accepting|take|receive|record) (any )?(new |more )*messages`,
		`(voicemail|voice mail|mailbox)( \w+){0,4} (has not|hasnt|have not) been (set up|initialized|activated)`, `(voicemail|voice mail)( \w+){0,2} (is )?not (been )?set up`, `(not|hasnt|havent|not yet) (yet )?set up( \w+){0,2} (voice ?mail|mailbox)`,
		`\b(memory|tape|memoria|cinta|message storage)( \w+){0,4} (full|llena)\b`, `enter (your|the)( \w+){0,2} (access|security|pass|remote) ?code`, `(buzon|correo de voz|casilla)( \w+){0,4} (esta )?llen[oa]`, `(buzon|correo de voz|casilla)( \w+){0,5} no (esta|ha sido) (configurado|activado|habilitado)`, `buzon( \w+){0,4} no (puede|acepta)( \w+){0,2} mensajes`),
		isnt: Patterns(`\btengo (el|mi) buzon`, `\b(my|your|our|mi|su|tu) (\w+ )?(voice ?)?(mailbox|mail box|mail|inbox|memory|tape|buzon|memoria)\b( \w+){0,3} (was|were|is|s|isnt|has|esta|estaba)`, `\b(is|was|if) (my|your) (mailbox|inbox|voicemail)`, `\b(i|im|i am) (cannot|can not|cant|wont|will not|unable to|not able to) (accept|take|receive|record)`, `\bmy (voice ?mail|mailbox)\b`)},
	{speaker: Assistant, hints: []string{"screened"}, is: Patterns(`\bcall (will be|is being) screened\b`)},
	{speaker: Assistant, hints: strings.Fields("screen assistant google conversation name available able accept request nombre filtrado person"), is: Patterns(
		`(person|party|customer|subscriber|number) (you are|youre|youve|you have|that you are|you) (calling|trying to reach|called|dialed|reached)( \w+){0,6} (screening|screened|screens|screener|call assistant|virtual assistant|google|assistant)`,
		`(calling|call) (is using|uses|will be screened|is being screened)( \w+){0,6} (screening|screen|assistant|service|google|automated)`, `\bgoogles? (call|calling) (assistant|screen)`, `(call|calls|caller) (screening|screen) (service|assistant|from)`, `get a copy of this conversation`,
		`(state|say|record|give|provide|tell \w+) (me |us )?your (full )?name and (the |a |your )?(\w+ )?(reason|purpose|why|what)`, `(state|record) your name( \w+){0,4} (after|at) the (tone|beep|signal)`, `(say|state) your name and (then )?(press|hold|wait|ill|i will|stay)`,
		`ill see if (this person|the person|they|he|she|\w+) (is|are|s)? ?(available|able)`, `i will see if (this person|the person|they|he|she) (is|are) available`, `(checking|see) (if|whether) (this|the) person (is|can)`,
		`(does not|doesnt|do not|not) (accept|accepting)( \w+){0,3} (calls from|unidentified|unknown|anonymous|blocked)`, `(subscriber|customer)s? request(ed)?( \w+){0,8} (calls|callers)`,
		`diga su nombre y (el |la )?(motivo|razon)`, `servicio de filtrado de llamadas`),
		isnt: Patterns(`\b(can|could|may|would|will) (you|i) (please )?(state|say|tell|have|get|give)`)},
	{speaker: Mailbox, hints: strings.Fields("tone beep signal tono senal bip mail machine system done finished buzon correo reached missed know recording way"), is: Patterns(
		`\b(leave|record|dejar?|deje|deja|grabe)\b( \w+){0,14} (after|at|following|despues|luego|tras|al) (the |del? |de |el |la |of the )?(\w+ )?(tone|beep|signal|tono|senal|bip)\b`, `\b(at|after|al|despues|tras) (the|de|del|el|oir el|escuchar el) (sound of the )?(tone|beep|tono|senal|bip)( \w+){0,3} (leave|record|deje|grabe)\b`,
		`(forward|transferr?|sent|direct|divert|connect|send|rout)(ed|ing)?( you| your call)? to( \w+){0,4} (voice ?mail|voice ?mailbox|voice message(ing)? system|voice messaging|answering machine)`, `(reached|youve got|you have got|you got)( \w+){0,3} (voice ?mail|voice ?mailbox|mailbox|answering machine)\b`,
		`(voice ?mail|mailbox) (box )?(of|belonging to|for) \w+( \w+){0,8} (leave|tone|beep|message)`, `reached the (voice ?mail|mailbox)`, `welcome to( \w+){0,4} (voice ?mail|voice ?mailbox|mailbox)`, `when (you are|youre|you have) (done|finished|finished recording)( \w+){0,5} (hang up|press|simply)`, `press( \w+){1,3} when (you are|youre) (done|finished)`,
		`(start|begin) (speaking|talking|recording)( \w+){0,2} (after|at) the`, `wait for the (beep|tone)`, `you know what to do( at the (beep|tone))?$`, `(dont|do not|never|rarely) (check|listen to)( \w+){0,2} (voice ?mail|messages)( \w+){0,3} (text|send|email)`, `best way to (reach|contact) me is`,
		`(transfir|transfer|desvi|envi|pas|comunica)\w*( \w+){0,3} (al?|a un|a su|con el|con su) (buzon|correo de voz)`, `(ha llamado|se ha comunicado|llegaste a|ha llegado a|atiende|este es|esta es|bienvenid[oa])( \w+){0,4} (buzon|correo de voz)`, `(youve|you have) reached( \w+){0,8} text me\b`),
		isnt: offers},
	{speaker: Mailbox, hints: strings.Fields("leave record dej grab"), words: asksForMessage, isnt: offers},
	{speaker: Menu, hints: strings.Fields("press dial say option extension oprim presion marque marca puls espanol"), is: Patterns(`\bpress (the )?(number )?`+key+` (for|to|if|now|or say|and)\b`, `\b(for|to|if)( \w+){1,12} (please )?press (the )?(number )?`+key+`\b`, `\b(for|to)( \w+){1,8} (dial|dial or press|say or press|press or say|say `+key+`( \w+){2,8} say) `+key+`\b`, `press (any key|`+key+`)( \w+){0,4} (to be connected|to continue|to accept)`,
		`(listen carefully|pay attention)( \w+){0,4} (menu|options)`, `(menu )?options have( \w+){0,2} changed`, `if you know (your|the) partys extension`, `dial (your|the) partys extension`, `(para|si)( \w+){1,12} (oprima|presione|marque|pulse|oprime|marca)( el| la| numero)* `+tecla+`\b`, `para (espanol|continuar en espanol)`, `(oprima|presione|marque|pulse) (el |la |el numero )?`+tecla+` (para|si)\b`),
		isnt: Patterns(`\b(i|we|he|she|it|you|they|who|didnt|already|just) (have to |had to |need to |should |can |could |must |will |would |always |even |tried to )?(press|pressed|dial|dialed)`, `(do|should|can|did|must|could) (i|we) press`, `press (the )?`+key+` and (nothing|it|then it|i|nobody)`, `(told|tells|asked|said) (me )?to press`)},
}

// Words of somebody who is there. Those of the first kind no greeting has.
var (
	isThere  = Patterns(`\b(im|i am) (here|home|back|on the line)\b`, `\bhello hello\b`, `\b(is )?(anybody|anyone|someone|somebody) there\b`, `are you (still )?there`, `\bwho(s| is) (this|calling|there)`, `(how )?(can|may) i help you`, `just (kidding|joking)`, `(i )?just picked up`, `how can i help`, `\bthis is (he|she|him|her)\b`, `quien (es|habla|llama)`)
	mayGreet = Patterns(`^(uh |um |oh |yes |yeah |sorry |wait )*(hello|hi|hey|yes|yeah|yep|speaking|this is \w+|\w+ speaking|good (morning|afternoon|evening)|hola|bueno|diga|si)( there| hello| hi| yes| sir| maam| this is \w+)*$`)
)

// holdOn is what an assistant says that is about to pass the call on.
var holdOn = Patterns(`\b(hold|stay|remain|wait)( \w+){0,3} (line|please|moment|hold)\b`, `^(ok |okay |thanks |thank you |great |got it |alright )*$`, `(please|one|just a) (hold|wait|moment|second)`, `^(thanks|thank you|ok|okay|got it)\b`, `(connect|transfer|put|passing|pass)(ing)? (you|your call)`,
	`(can|could|would) you (tell|say|explain)( \w+){0,3} more`, `(trying|try) to (reach|connect)`, `is (it|this) urgent`, `no longer available`, `(un momento|no cuelgue|espere)`) //nolint:misspell // Spanish

// Who tells who speaks, by plain words (see [Plain]).
func Who(plain string) Speaker {
	for _, s := range table {
		if s.matches(plain) {
			return s.speaker
		}
	}
	return Someone
}

func (s sayings) matches(plain string) bool {
	hinted := func(h string) bool { return strings.Contains(plain, h) }
	if !slices.ContainsFunc(s.hints, hinted) || s.isnt.In(plain) {
		return false
	}
	if s.words != nil {
		return s.words(plain)
	}
	return s.is.In(plain)
}

// request is the words of a greeting that asks for a message, and the word before them.
var request = lazily(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:^|(\w+) )(?:please |kindly |just |por favor )*(?:(?:leave|record) (?:(?:me|us) )?(?:one$|(?:a|an|your|the) (?:\w+ ){0,4}?(?:message|voice ?mail|name|number)\b)|(?:dej[ea](?:me|nos)?|dejen|grabe) (?:un|una|su|tu|el) (?:\w+ ){0,2}?(?:mensaje|recado|nombre|numero)\b)`)
})

// speaks is the words before "leave a message" that make it no request.
const speaks = " i you we he she they to can could did didnt dont not do would will ill want may should never cant must always already might lets let who" +
	" quiero quiere puede puedo no que le te yo ya se les quien "

// asksForMessage tells whether somebody is asked for a message, as a greeting does: by nobody.
func asksForMessage(plain string) bool {
	plain = strings.ReplaceAll(plain, "missed you ", "missed ") // "sorry I missed you, leave your name"
	for _, m := range request().FindAllStringSubmatch(plain, -1) {
		spoken := strings.Contains(speaks, " "+m[1]+" ") || m[1] == "me" && strings.Contains(m[0], "dej") // "no me deje"
		if !spoken || strings.Contains(m[0], "please ") || strings.Contains(m[0], "por favor ") {
			return true
		}
	}
	return false
}
