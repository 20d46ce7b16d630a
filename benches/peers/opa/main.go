// Command opa finds the roles of tokens with OPA. The comparison in the folder above starts it, because it cannot
// measure Go code in its own process.
//
// It reads JSON objects from its input and answers with JSON values, one for each `find` and each `measure`.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"syscall"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/topdown/cache"
)

// request is one of these.
type request struct {
	// Modules are policies, which replace all earlier ones.
	Modules []string `json:"modules"`
	// Inputs are the claims of tokens.
	Inputs []map[string]string `json:"inputs"`
	// Find asks for the roles of the token of this place.
	Find *int `json:"find"`
	// Measure asks for the nanoseconds of CPU time that a token takes, and says how many to spend at least.
	Measure time.Duration `json:"measure"`
}

func main() {
	requests, answers := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	engine := &engine{}
	for {
		var request request
		if err := requests.Decode(&request); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			log.Fatal(err)
		}
		if err := engine.answer(&request, answers); err != nil {
			log.Fatal(err)
		}
	}
}

// engine is a prepared query and its inputs.
type engine struct {
	query   rego.PreparedEvalQuery
	options []rego.EvalOption
	inputs  []ast.Value
	calls   int
}

func (engine *engine) answer(request *request, answers *json.Encoder) error {
	switch {
	case request.Modules != nil:
		return engine.load(request.Modules)
	case request.Inputs != nil:
		return engine.prepare(request.Inputs)
	case request.Find != nil:
		roles, err := engine.find(*request.Find)
		if err != nil {
			return err
		}
		return answers.Encode(roles)
	default:
		spent, err := engine.measure(request.Measure)
		if err != nil {
			return err
		}
		return answers.Encode(spent)
	}
}

// load compiles policies and prepares what does not depend on a token.
func (engine *engine) load(modules []string) error {
	ctx := context.Background()
	store := inmem.New()
	transaction, err := store.NewTransaction(ctx, storage.TransactionParams{})
	if err != nil {
		return err
	}
	// Without this cache, OPA keeps a hundred regexes.
	regexes := cache.NewInterQueryValueCache(ctx, nil)
	options := []func(*rego.Rego){
		rego.Query("data.rolecall.roles"),
		rego.Store(store),
		rego.Transaction(transaction),
		rego.InterQueryBuiltinValueCache(regexes),
	}
	for number, module := range modules {
		options = append(options, rego.Module(fmt.Sprintf("%d.rego", number), module))
	}
	engine.query, err = rego.New(options...).PrepareForEval(ctx)
	engine.options = []rego.EvalOption{
		rego.EvalTransaction(transaction),
		rego.EvalInterQueryBuiltinValueCache(regexes),
		// Without this, each evaluation starts a goroutine that waits for the end of its context.
		rego.EvalExternalCancel(topdown.NewCancel()),
	}
	return err
}

// prepare makes values of claims.
func (engine *engine) prepare(inputs []map[string]string) error {
	engine.inputs = nil
	for _, claims := range inputs {
		input, err := ast.InterfaceToValue(claims)
		if err != nil {
			return err
		}
		engine.inputs = append(engine.inputs, input)
	}
	return nil
}

// find returns the roles that a token may take.
func (engine *engine) find(token int) ([]any, error) {
	options := append(engine.options[:len(engine.options):len(engine.options)], rego.EvalParsedInput(engine.inputs[token]))
	results, err := engine.query.Eval(context.Background(), options...)
	if err != nil {
		return nil, err
	}
	return results[0].Expressions[0].Value.([]any), nil
}

// measure finds the roles of tokens in turn, and returns the CPU time of each in nanoseconds.
func (engine *engine) measure(slice time.Duration) (float64, error) {
	before, batch := engine.calls, 1
	start, err := cpuTime()
	if err != nil {
		return 0, err
	}
	for {
		for range batch {
			if _, err := engine.find(engine.calls % len(engine.inputs)); err != nil {
				return 0, err
			}
			engine.calls++
		}
		now, err := cpuTime()
		if err != nil {
			return 0, err
		}
		if spent := now - start; spent >= slice {
			return float64(spent) / float64(engine.calls-before), nil
		}
		batch = min(2*batch, 4096)
	}
}

// cpuTime returns how long all threads have worked: the garbage collector has threads of its own.
func cpuTime() (time.Duration, error) {
	var usage syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()), err
}
