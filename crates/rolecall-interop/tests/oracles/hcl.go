package main

import (
	"encoding/json"
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// The functions of Terraform, which are those of cty, but for three: two conversions, and `replace`, which takes a part
// between slashes for a regular expression. Expressions have no such part.
var functions = map[string]function.Function{
	"concat":     stdlib.ConcatFunc,
	"format":     stdlib.FormatFunc,
	"join":       stdlib.JoinFunc,
	"replace":    stdlib.ReplaceFunc,
	"tolist":     conversion(cty.List(cty.DynamicPseudoType)),
	"toset":      conversion(cty.Set(cty.DynamicPseudoType)),
	"trimprefix": stdlib.TrimPrefixFunc,
	"trimsuffix": stdlib.TrimSuffixFunc,
}

func conversion(wanted cty.Type) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "v", Type: cty.DynamicPseudoType}},
		Type: func(args []cty.Value) (cty.Type, error) {
			converted, err := convert.Convert(args[0], wanted)
			return converted.Type(), err
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			return convert.Convert(args[0], wanted)
		},
	})
}

// evaluateHCL evaluates the attribute `value` of a configuration, whose block `locals` has the local values l0, l1 and so on.
// A local value uses only those before it.
func evaluateHCL(asked question) (answer, error) {
	file, problems := hclsyntax.ParseConfig([]byte(asked.Document), "main.tf", hcl.InitialPos)
	if problems.HasErrors() {
		return answer{}, problems
	}
	body := file.Body.(*hclsyntax.Body)
	context := &hcl.EvalContext{Functions: functions, Variables: map[string]cty.Value{}}
	locals := map[string]cty.Value{}
	for _, block := range body.Blocks {
		for name := 0; name < len(block.Body.Attributes); name++ {
			attribute := block.Body.Attributes[fmt.Sprintf("l%d", name)]
			value, problems := attribute.Expr.Value(context)
			if problems.HasErrors() {
				return answer{}, problems
			}
			locals[attribute.Name] = value
			context.Variables["local"] = cty.ObjectVal(locals)
		}
	}
	value, problems := body.Attributes["value"].Expr.Value(context)
	if problems.HasErrors() {
		return answer{}, problems
	}
	text, err := ctyjson.Marshal(value, value.Type())
	return answer{Values: [][]json.RawMessage{{text}}}, err
}
