package evitest

// Emotions are those that EVI measures in a voice. It always sends all of them: Hume's own
// client refuses a message that lacks one.
var Emotions = []string{
	"Admiration", "Adoration", "Aesthetic Appreciation", "Amusement", "Anger", "Anxiety", "Awe", "Awkwardness",
	"Boredom", "Calmness", "Concentration", "Confusion", "Contemplation", "Contempt", "Contentment", "Craving",
	"Desire", "Determination", "Disappointment", "Disgust", "Distress", "Doubt", "Ecstasy", "Embarrassment",
	"Empathic Pain", "Entrancement", "Envy", "Excitement", "Fear", "Guilt", "Horror", "Interest",
	"Joy", "Love", "Nostalgia", "Pain", "Pride", "Realization", "Relief", "Romance",
	"Sadness", "Satisfaction", "Shame", "Surprise (negative)", "Surprise (positive)", "Sympathy", "Tiredness", "Triumph",
}

// scores have every emotion; those that were not heard are 0.
func scores(heard map[string]float64) map[string]float64 {
	all := make(map[string]float64, len(Emotions))
	for _, name := range Emotions {
		all[name] = heard[name]
	}
	return all
}
