package main

import (
	"encoding/json"
	"reflect"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/ext"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/structpb"
)

// conditions is the environment of attribute conditions: the claims, and the attributes that a mapping makes of them.
var conditions = sync.OnceValues(func() (*cel.Env, error) {
	names := cel.MapType(cel.StringType, cel.DynType)
	return cel.NewEnv(
		cel.Variable("assertion", names),
		cel.Variable("attribute", names),
		cel.Variable("google", names),
		ext.Strings(),
	)
})

// evaluate evaluates an expression with each token, an object of the variables.
func evaluate(asked question) (answer, error) {
	env, err := conditions()
	if err != nil {
		panic(err)
	}
	tree, issues := env.Compile(asked.Document)
	if issues.Err() != nil {
		return answer{}, issues.Err()
	}
	program, err := env.Program(tree)
	if err != nil {
		return answer{}, err
	}
	given := answer{}
	for _, payload := range asked.Tokens {
		var names map[string]any
		if err := json.Unmarshal(payload, &names); err != nil {
			return answer{}, err
		}
		given.Values = append(given.Values, valueOf(program, names))
	}
	return given, nil
}

// valueOf returns a list with the value, or an empty one for an error.
func valueOf(program cel.Program, names map[string]any) []json.RawMessage {
	value, _, err := program.Eval(names)
	if err != nil {
		return []json.RawMessage{}
	}
	native, err := value.ConvertToNative(reflect.TypeFor[*structpb.Value]())
	if err != nil {
		panic(err)
	}
	text, err := protojson.Marshal(native.(*structpb.Value))
	if err != nil {
		panic(err)
	}
	return []json.RawMessage{text}
}
