package optout

import (
	"slices"
	"strings"
)

// many is the vocabulary of the phrases below.
var many = vocabulary{
	"CALL":    "call|phone|ring|dial|contact|text|message|telephone|robocall|bother|disturb|harass|pester|bug|spam",
	"DIAL":    "call|phone|ring|dial|contact|text|message|telephone|robocall",
	"CALLING": "calling|phoning|ringing|dialing|contacting|texting|messaging|bothering|disturbing|harassing|telephoning|robocalling|pestering|bugging|spamming|hounding",
	"CALLS":   "calls|robocalls|messages|texts|phonecalls|voicemails",
	"NUMBER":  "number|name|phone|cell|cellphone|line|info|information|contact|data|details|home|house",
	"LIST":    "list|lists|database|system|records|calls|file|files|registry|rotation|directory|calling",
	"TIME": "1|2|3|4|5|6|7|8|9|10|11|12|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon|midnight|breakfast|lunch|lunchtime|dinner|supper|" +
		"school|church|sunset|dark|bedtime|monday|tuesday|wednesday|thursday|friday|saturday|sunday|tomorrow",
	"DAYPART": "night|nights|morning|mornings|evening|evenings|afternoon|afternoons|weekend|weekends|weekday|weekdays|week|month|monday|mondays|tuesday|tuesdays|" +
		"wednesday|wednesdays|thursday|thursdays|friday|fridays|saturday|saturdays|sunday|sundays|holidays",

	"LLAME":  "llame|llamen|llames|contacte|contacten|contactes|moleste|molesten|molestes|marque|marquen|marques", //nolint:misspell // Spanish
	"LLAMAR": "llamar|llamarme|llamarnos|contactar|contactarme|molestar|molestarme|molestarnos|marcar|marcarme",   //nolint:misspell // Spanish
	"QUITEME": "quiteme|quitenme|quitame|saqueme|saquenme|sacame|borreme|borrenme|borrame|elimineme|eliminenme|eliminame|remuevame|remuevanme|retireme|retirenme|" +
		"quitarme|sacarme|borrarme|eliminarme",
	"QUITE": "quite|quiten|quita|quitar|saque|saquen|saca|sacar|borre|borren|borra|borrar|elimine|eliminen|elimina|eliminar|remueva|remuevan",
}

// A wish about the time is a preference, not a refusal.
var (
	timed = many.all("before|after|until|till|past|between the? TIME", "on|in|during|over|at the? DAYPART", "today|tonight|tomorrow", "so|too|this|that early|late|soon",
		"this|next|that DAYPART", "right now", "DAYPART", "while i", "when i", "early", "late")
	cuando = many.all("antes|despues de?", "hoy|manana|hasta", "por|en|de|a la|el noche|manana|tarde|fin", "tan tarde|temprano", "los|las", "mas tarde", "esta|este|ahora", "cuando|mientras")
)

// outPhrases is what people say who want no more calls.
var outPhrases = func() phrases {
	list := phrases{}
	add := func(after, before []pattern, texts ...string) {
		for _, t := range texts {
			list.add(&phrase{many.compile(t), after, before})
		}
	}

	// stop calling
	speaker := many.all("i|we", "i|we will|would|can|could|should|might|may|must just?", "i|we had|have|want|need|going to", "did you|they|he|she|it", "did you guys|people|all", "have|has you|they stop?")
	add(speaker, many.all("it|them"), "stop|quit|cease|discontinue CALLING", "stop|quit robo CALLING")
	add(speaker, nil, "stop|quit|halt|cease|discontinue|end|cancel|kill with? the|these|those|your|all|any|them|future|further of? the|these|those|your|future|further|phone|sales|robo|marketing|damn? CALLS",
		"stop|quit with|all all? the|these|those|your|this|of calling|CALLS", "enough with the|these|your|all CALLS|calling", "CALLS|calling needs|need|have|has|must|should|better|got to? stop|end|cease", "cease and desist",
		"sick|tired|done|fed|over of|with|up ~2 CALLS")

	// do not call
	declared := many.all("on", "i|we|they|people|who|folks|doctors", "if|when|unless|since|because|that|why|as|how|come you", "why|how do|does")
	titles := many.all("sir|maam|mr|mister|mrs|ms|miss|doctor|dr|by|honey|names|crazy|a|an")
	instead := many.all("just|please|rather? call|phone|ring me|us|$")
	add(declared, slices.Concat(timed, titles, instead), "do not please|you? even|ever|dare? ever? CALL me|us back?", "do not please? ever? CALL back", "do not please? ever? CALL this|my|our|that NUMBER")
	add(declared, instead, "do not please|you? ever? DIAL me|us? back? again|any|ever|here|$", "do not please|you? ever? CALL me|us back? again|any|ever|here|$", "do not be CALLING me|us|this|here|$", "do not please? ever? CALL my|our wife|husband|mother|father|mom|dad|kids|family|office|work|parents")
	add(many.all("you|they|he|she|i|we|it|people|who|has|have"), slices.Concat(timed, titles), "never ever? CALL me|us|this|my|back|here", "never ever? DIAL $")
	add(nil, nil, "never ever? CALL me|us|this|here|my? number|phone|house|line? again", "not|never allowed|permitted|welcome to CALL me|us|this|here|my", "forbid ~2 to? CALL|CALLING", "last time ~2 call|called|calling me|us|here|this", "not to CALL me|us|this|here|again|my", "not to DIAL $", "under any|no circumstances|circumstance CALL", "no longer CALL me|us", "do not CALL me|us|this|here ~4 ever again",
		"appreciate|prefer|rather|wish|glad|happy|great|nice|better ~3 you would? do? did? not CALL|calling", "appreciate|prefer|rather|wish ~3 you would|could? stop|stopped|quit")
	add(nil, slices.Concat(timed, many.all("me TIME")), "not|never want|wish|like|need you|anyone|anybody|them|people|your|any|these|someone guys|people|all|more|company|robots|else? to? ever|keep? CALL|CALLING me|us|this|here|back|again|my|any|$")
	add(nil, slices.Concat(timed, many.all("back")), "not|never want|wish|like|need to? be|being|get|getting called|contacted|phoned|texted|bothered|disturbed|harassed")
	add(many.all("if|when|unless you|i|we"), nil, "not|never want|wish|need|like to? receive|get|getting|receiving ~3 CALLS", "not|never want|wish|need to? hear from you|anyone|anybody|any|your", "not want|need|like any|your|these|those|the|more|further more|further|of|sales|phone|marketing? your|these? CALLS",
		"no longer want|wish ~4 CALLS|called|contacted|contact", "not interested in any|your|these|more|receiving|getting ~2 CALLS")
	add(many.all("have|had|has|got|get|were|are|was|is|be|there"), nil, "no more|further|additional phone|sales|robo|of? these|those|your? CALLS|calling|texting")

	// lists
	waiting := many.all("waiting|wait|guest|cancellation|standby|medication|prescription")
	for _, what := range []string{"me|us", "my|this|our|that phone|cell|mobile|contact? NUMBER"} {
		for _, list := range []string{"your|this|that|these|those|any|all|every|whatever|the of? your|the|these|those? call|calling|phone|contact|marketing|mailing|sales|telemarketing|customer|company? call|calling|marketing? LIST"} {
			add(nil, nil, "take|remove|delete|get|scratch|strike|drop|pull|erase|cross|keep "+what+" out? off|from|of of? "+list)
		}
		add(nil, nil, what+" taken|removed|deleted|erased off|from|$")
		add(nil, waiting, "put|add|place|get|stick|register "+what+" on|to|in|onto the|your|a|that|any? ~3 do not call|contact")
		add(nil, many.all("hold|speaker|speakerphone|mute"), "take "+what+" off $")
	}
	add(nil, nil, "remove|delete|erase my|this|our phone|cell|mobile? number|info|information|data|details|contact $", "^ remove|delete me $",
		"i|we|number|phone|am|are|is on|in the|a|your|national|that ~2 do not call list|registry|register|database", "^ do not call list|registry $", "on|to the|your no call list",
		"be|get|been removed|taken|deleted off|out|from of|from? your|the|this|that|these|all|any|$", "be|get|been removed|deleted $")
	add(many.all("stay|be"), nil, "want|get|be|need off your|this|that|the call|calling|phone|contact? list")

	// opting out, consent
	add(nil, many.all("mean|means"), "opt me|us? out", "opting out", "opted me? out", "unsubscribe|unsubscribing", "un subscribe", "be|get|am unsubscribed")
	add(nil, nil, "cancel|revoke|withdraw|rescind|retract|terminate my|our|any|all|the ~2 consent|permission|authorization|authorisation", "revoke|revoking|revoked", "cancel these|those|your|all|future of? these|those|your|the|future? phone|sales|marketing? CALLS",
		"take back my consent|permission")
	add(nil, nil, "i|we did|have not ever|actually? agree|agreed|consent|consented|authorize|authorized|subscribe|subscribed", "i|we did|have not ever|actually? sign|signed|opt|opted up|in",
		"i|we did|have not ever|actually? ask|asked|request|requested for? this|these|you|any|to|your ~2 call|calls|calling|called|$", "i|we did|have not ever|actually? give|gave|given you|anyone|anybody|your|the|company? any|my|you? consent|permission|authorization|number",
		"i|we have? never agreed|consented|authorized|subscribed|opted", "i|we have? never signed up", "i|we have? never asked|requested for? this|these|you|any|to|your", "i|we have? never gave|given you|anyone|anybody? any|my|you? consent|permission|authorization|number",
		"do|does not have|got my|our|any consent|permission|authorization")
	add(nil, nil, "i|we do not consent", "i|we do not authorize|authorise you|this|these|any|your|calls|the|$", "i|we do not give you|anyone|your|the? any|my|our? consent|permission|authorization", "you|they do not have any|the|our|my? consent|permission|authorization")
	add(nil, nil, "leave me|us|my family|wife|mother|husband? alone", "leave me|us the? hell|fuck? alone")
	add(many.all("i|we|he|she|they", "will|would|do|if i|we", "did|do you|they", "i|we|he|she will|would|could|might|may|can", "going|afraid|want|scared to|of", "could|might|may you"), nil, "lose|forget|erase|delete|burn|shred|trash my|this|our phone? number")

	// Spanish
	add(many.all("i"), cuando, "no me|nos|lo|le? ya? LLAME", "no me|nos? vuelva|vuelvan|vuelvas a LLAMAR", "ya no me|nos LLAME")
	add(nil, many.all("tarde"), "no ya? me|nos? LLAME mas|nunca|jamas|otra", "no me|nos? vuelva|vuelvan|vuelvas a LLAMAR mas|nunca", "nunca|jamas mas? me|nos? vuelva|vuelvan? a? LLAME|LLAMAR")
	add(many.all("no", "no me", "no quiero que"), nil, "deje|dejen|deja|dejad|pare|paren|para|cese|cesen|dejes|parad de LLAMAR", "deje|dejen|deja ya? de estar? llamando|molestando", "dejeme|dejenme|dejame|dejanos|dejenos en paz")
	add(nil, cuando, "no quiero|queremos|deseo|deseamos|necesito mas|recibir|sus|estas|esas|que|otra|de mas|sus|estas|esas|me|nos? LLAME|llamadas|llamada", "no quiero|queremos|deseo recibir|tener mas? de? sus? llamadas", "no quiero|queremos|deseo|deseamos|necesito mas|sus|estas|esas|otras? llamadas", "no mas llamadas", "no quiero|deseo que me vuelvan|sigan a? LLAMAR|llamando", "no quiero|queremos|deseo que me|nos sigan? LLAME|llamando")
	add(many.all("no"), many.all("de? la? lista? de espera"), "QUITEME ya? de la|su|esa|esta|las|sus|toda ~2 lista|listas|base|registro|registros|sistema|llamadas", "QUITE mi|este|ese numero|nombre|telefono de|por|$", "me QUITE de la|su|esa|esta|sus ~2 lista|listas|base|registro",
		"ponga|pongame|ponganme|anadame|agregueme|incluyame en la|su ~2 no llamar")
	add(nil, nil, "darme|deme|denme|dame|darse|dar de baja", "me de|den|doy de baja", "cancele|cancelen|cancelo|cancelar|revoco|revocar|retiro|retirar ~2 consentimiento|permiso|autorizacion", "cancelar|cancele|cancelen mi suscripcion", "no he? acepte|autorice|consenti|autorizado|aceptado|consentido", "no me inscribi|apunte",
		"no he? di|dado|doy|tiene|tienen mi? permiso|consentimiento|autorizacion", "olvide|olviden|olvida|pierda|pierdan mi|este numero", "lista de no llamar")
	return list
}()

// bare is what counts as the whole of a clause.
var bare = many.all("stop stop? stop? stop? stop?", "stop it|this|now|already|immediately|right|today|everything|that now?", "stop right now|away", "please? make it|this|them|these|that stop",
	"can|could|will|would|wont you please|just|kindly? stop now?", "can|could|will|would you guys|people|all please? stop", "i want|need|am|would asking|like? you guys|people|all? to stop now?", "i said|say to? stop", "i told|asked you guys|people|all? to? stop", "you guys|people|all? need|have|got|must|should|better to? stop",
	"remove me", "unsubscribe me?", "opt out", "opt me out", "delete me", "take me off", "quit it?", "stop all",
	"basta", "basta ya|de|con? llamadas?", "alto", "pare|paren ya|eso?", "parele|parenle", "detengase|detenganse", "para ya", "borreme|quiteme|saqueme|elimineme")

// What counts as the whole of a text message.
var (
	textWords = many.all("stop all?", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe", "stop stop|all", "end all", "alto", "parar", "baja", "cancelar", "basta", "para", "pare", "arret", "remove", "remove me")
	helpWords = many.all("help me?", "info", "information", "ayuda", "informacion", "who is this", "quien es") //nolint:misspell // Spanish
)

// fillers mean nothing at the ends of a clause, courtesies nothing at those of a
// text message.
var (
	courtesies = set("please thanks ok okay now sir maam hi hello kindly por favor gracias")
	fillers    = set("please thanks very much ok okay now sir maam miss hi hello hey no nope yes yeah yep just um uh er ah oh well so sorry god damn dammit goddamn man dude lady guys people " +
		"all actually right and but then kindly seriously wait hell fuck fucking the for gods sake por favor gracias ya si oiga oigan mire senor senora le les digo que se lo pido")
)

func set(list string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		m[w] = true
	}
	return m
}
