package config

import "errors"

// DecodeSigningKeys reads one key or two; none of an empty text. Its error quotes neither.
func DecodeSigningKeys(s string) (list [][]byte, err error) {
	parts := commaList(s)
	if len(parts) > 2 || s != "" && len(parts) == 0 {
		return nil, errors.New("want one secret, or two while rotating")
	}
	for _, part := range parts {
		key, err := decodeSigningKey(part)
		if err != nil {
			return nil, err
		}
		list = append(list, key)
	}
	return list, nil
}
