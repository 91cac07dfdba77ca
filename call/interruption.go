package call

import (
	"cmp"
	"regexp"
	"strings"
	"time"

	"github.com/patchcord/patchcord/call/amd"
)

// Interruption is what it takes of the caller's to interrupt the agent, where the call
// decides it: by the words heard so far, or by speech that the voice reports. A voice's own
// verdict ([agent.Interrupted]) counts at once.
type Interruption struct {
	After    time.Duration // of speech. Defaults to 200 ms
	Words    int           // that are no back-channel; one that asks to wait is enough. Defaults to 2
	NoResume bool          // what was cut by mistake does not go on
}

// What of the caller's interrupts, unless a profile says otherwise.
const (
	interruptAfter = 200 * time.Millisecond
	interruptWords = 2
)

func (i Interruption) after() time.Duration { return cmp.Or(i.After, interruptAfter) }

// counts tells whether words are more than a sign of listening.
func (i Interruption) counts(text string) bool {
	return i.enough(signsOfListening().ReplaceAllString(amd.Plain(text), " "))
}

// keeps tells whether words that are said over a goodbye want the call to go on. To thank
// and to say goodbye does not.
func (i Interruption) keeps(text string) bool {
	plain := farewells().ReplaceAllString(amd.Plain(text), " ")
	return i.enough(signsOfListening().ReplaceAllString(plain, " "))
}

func (i Interruption) enough(plain string) bool {
	return len(strings.Fields(plain)) >= cmp.Or(i.Words, interruptWords) || asksToWait().MatchString(plain)
}

// wordsOf matches any of some phrases of plain words.
func wordsOf(phrases string) func() *regexp.Regexp {
	return lazily(func() *regexp.Regexp {
		return regexp.MustCompile(`\b(?:` + strings.Join(strings.Fields(phrases), "|") + `)\b`)
	})
}

var (
	// signsOfListening are the back-channels of English and Spanish; a dot is a space.
	signsOfListening = wordsOf(`m+h*m+ m+ h+m+ mju uh.?huh huh uh um ah+ aha aja ujum oh+ wow
		that.?s.(?:right|fine|good|great|true|correct) sounds.(?:good|great) makes.sense no.(?:problem|worries)
		go.(?:on|ahead) i.see i.understand i.know got.it of.course all.right
		okay okey ok kay yeah yea yes yep yup right sure alright fine good great cool nice perfect exactly absolutely
		correct true gotcha understood really
		claro.que.si por.supuesto de.acuerdo esta.bien muy.bien asi.es ya.veo no.hay.problema no.pasa.nada
		si sip aja vale claro ya bueno bien entiendo entendido comprendo exacto correcto perfecto dale eso`)

	// asksToWait is one word that is enough.
	asksToWait = wordsOf(`wait stop no nope hold hang.on pause enough quiet listen sorry pardon actually
		esper[ae](?:me|n|nos|te)? par[ae](?:me|n)? alto basta momento momentito oig[ao] oye perdon[ae]? disculp[ae]`)

	// farewells are what people say to a goodbye.
	farewells = wordsOf(`(?:(?:no|nope|okay|ok|oh|and|well).)*` + thanks + `
		no.(?:that.?s|that.is).(?:all|it|everything) nothing.else i.?m.(?:good|fine|all.set)
		(?:that.?s|that.is).(?:all|it|everything)(?:.i.need(?:ed)?|.for.(?:now|today))?
		(?:good|bye).?bye bye goodbye good.(?:night|day|evening|afternoon)
		(?:you.)?have.(?:a|an).(?:(?:very.)?(?:good|great|nice|wonderful|lovely|blessed).)?` + partOfDay + `
		(?:and.)?(?:the.same.to.)?you.(?:too|as.well) take.care see.(?:you|ya)(?:.(?:then|later|soon|tomorrow|there))?
		talk.to.you.(?:later|soon) until.then later cheers i.appreciate.(?:it|that|your.help) my.pleasure
		no.gracias (?:muchas|mil).gracias gracias(?:.por.(?:todo|llamar|su.(?:ayuda|tiempo|atencion|llamada)))?
		muy.amable eso.es.todo(?:.por.hoy)? nada.mas igualmente cuidese
		adios chao chau hasta.(?:luego|pronto|manana|la.vista) nos.vemos buen(?:as|os)?.(?:dias?|tardes?|noches?)
		(?:que.)?(?:tenga|pase)(?:.(?:un|una|usted))*.(?:buen|buena|bonito|lindo|excelente|feliz)s?.(?:dia|tarde|noche)`)
)

const (
	thanks = `(?:(?:many.)?thanks|thank.you)(?:.(?:so|very).much|.again|.a.lot)?` +
		`(?:.for.(?:all.|everything|calling|(?:(?:all.)?(?:your|the|this).)?(?:help|time|call|information|assistance)))*`
	partOfDay = `(?:day|one|night|evening|afternoon|weekend|time)`
)
