package main

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"github.com/securecart/identity/internal/support"
)

// work is one run of a command.
type work struct {
	terminal
	options
	desk     *support.Desk
	progress *progress
}

func find(ctx context.Context, w *work) error {
	c, err := w.desk.Find(ctx, w.who)
	if err != nil {
		return err
	}
	return w.answer(c, func() { w.customer(c) })
}

func show(ctx context.Context, w *work) error {
	c, err := w.desk.Find(ctx, w.who)
	if err != nil {
		return err
	}
	return w.showState(ctx, c)
}

// showState prints the current state.
func (w *work) showState(ctx context.Context, c support.Customer) error {
	state, err := w.desk.Show(ctx, c)
	if err != nil {
		return err
	}
	return w.answer(state, func() { w.state(state) })
}

func signOut(ctx context.Context, w *work) error { return w.change(ctx, w.desk.SignOut) }
func disable(ctx context.Context, w *work) error { return w.change(ctx, w.desk.Disable) }
func enable(ctx context.Context, w *work) error  { return w.change(ctx, w.desk.Enable) }

func resetFactor(ctx context.Context, w *work) error { return w.change(ctx, w.desk.ResetFactor) }

// change finds the customer, makes the change and prints the new state.
func (w *work) change(ctx context.Context, do func(context.Context, support.Customer) error) error {
	c, err := w.desk.Find(ctx, w.who)
	if err != nil {
		return err
	}
	if err := do(ctx, c); err != nil {
		return err
	}
	now, err := w.desk.Find(ctx, c.Username)
	if err == nil {
		err = w.showState(ctx, now)
	}
	if err != nil {
		return support.Refusal("it is done, but what is now cannot be shown: " + support.Explain(err))
	}
	return nil
}

func export(ctx context.Context, w *work) error {
	c, err := w.desk.Find(ctx, w.who)
	if err != nil {
		return err
	}
	file := w.file
	if file == "" {
		file = "export-" + c.Sub + ".zip"
	}
	exported, err := w.desk.Export(ctx, support.SubjectOf(c), file)
	if err != nil {
		return err
	}
	return w.answer(exported, func() {
		fmt.Fprintf(w.stdout, "%s holds %d files, with orders: %d, versions of documents: %d.\n"+
			"Only you can read it. Send it by a way that only the customer can read, and delete it.\n",
			exported.File, len(exported.Files), exported.Orders, exported.Documents)
	})
}

func erase(ctx context.Context, w *work) error {
	subject, err := w.subject(ctx)
	if err != nil {
		return err
	}
	held, err := w.desk.Held(ctx, subject)
	if err != nil {
		return err
	}
	if held.Empty() {
		return w.answer(erased{held, held}, func() {
			fmt.Fprintf(w.stdout, "Nothing is held about %s but orders, which stay: %d.\n", held.Sub, held.Orders)
		})
	}
	if err := w.confirm(ctx, subject, held); err != nil {
		return err
	}
	if err := w.desk.Erase(ctx, subject); err != nil {
		return err
	}
	return w.answer(erased{held, support.Holding{Sub: held.Sub, Links: []string{}, Orders: held.Orders}}, func() {
		fmt.Fprintf(w.stdout, "Erased. Orders that stay: %d, under %s.\n"+
			"A token of the last minutes may still have written something: in ten minutes, `erase -sub %s` looks again.\n",
			held.Orders, held.Sub, held.Sub)
	})
}

// erased is the result in JSON.
type erased struct {
	Removed support.Holding `json:"removed"`
	Left    support.Holding `json:"left"`
}

func (w *work) subject(ctx context.Context) (support.Subject, error) {
	if w.sub != "" {
		return w.desk.FindSubject(ctx, w.sub, w.identities)
	}
	c, err := w.desk.Find(ctx, w.who)
	return support.SubjectOf(c), err
}

// confirm shows the data to remove, and asks for the e-mail address: a "yes" is too easily typed by mistake.
func (w *work) confirm(ctx context.Context, s support.Subject, held support.Holding) error {
	name, what := s.Sub, "sub"
	switch {
	case s.Account != nil && s.Account.Email != "":
		name, what = s.Account.Email, "e-mail address"
	case s.Account != nil:
		name, what = s.Account.Username, "user name"
	}
	w.progress.pause()
	w.holding(held)
	typed := w.yesErase
	if typed == "" {
		var err error
		if typed, err = w.ask(ctx, fmt.Sprintf("Type the %s to erase this for good: ", what)); err != nil {
			return err
		}
	}
	if !strings.EqualFold(typed, name) {
		return support.Refusal(fmt.Sprintf("nothing was erased: that is not the %s %s", what, name))
	}
	return nil
}

// ask asks a question, and gives up when the program is interrupted.
func (t terminal) ask(ctx context.Context, question string) (string, error) {
	fmt.Fprint(t.stderr, question)
	answers := make(chan string, 1)
	go func() {
		// After an interrupt the reader keeps waiting, but the program ends.
		line, _ := bufio.NewReader(t.stdin).ReadString('\n')
		answers <- strings.TrimSpace(line)
	}()
	select {
	case answer := <-answers:
		if answer == "" {
			return "", support.Refusal("nothing was done: there was no answer")
		}
		return answer, nil
	case <-ctx.Done():
		fmt.Fprintln(t.stderr)
		return "", ctx.Err()
	}
}
