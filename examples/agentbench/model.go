package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
)

const (
	maxTurns    = 40
	maxResponse = 8 << 20 // bytes of a response of the model's API
)

// chat is a message of the chat completions API.
type chat struct {
	Role       string     `json:"role"`
	Content    string     `json:"content"`
	ToolCalls  []chatCall `json:"tool_calls,omitempty"`
	ToolCallID string     `json:"tool_call_id,omitempty"`
}

type chatCall struct {
	ID       string `json:"id"`
	Type     string `json:"type"`
	Function struct {
		Name      string `json:"name"`
		Arguments string `json:"arguments"`
	} `json:"function"`
}

// ask has a model solve a task. The tokens are those of the calls, as for a reference solution.
func ask(ctx context.Context, p programs, c counter, m mode, t *task, model string) (outcome, error) {
	w, err := newWorld(ctx, p, t)
	if err != nil {
		return outcome{}, err
	}
	s := &session{counter: c}
	if s.client, err = w.connect(ctx, m); err != nil {
		return outcome{}, err
	}
	s.agrees = !t.declines
	tools, err := s.list()
	if err != nil {
		return outcome{}, err
	}
	messages := []chat{
		{Role: "system", Content: "You administer WorkOS with the tools. Do what the person asks, and nothing else. " +
			"End with a short reply that has what they asked for."},
		{Role: "user", Content: t.request},
	}
	said := ""
	for range maxTurns {
		reply, err := complete(ctx, model, messages, tools)
		if err != nil {
			return s.outcome, err
		}
		if messages = append(messages, reply); len(reply.ToolCalls) == 0 {
			said = reply.Content
			break
		}
		for _, made := range reply.ToolCalls {
			arguments := json.RawMessage(made.Function.Arguments)
			if !json.Valid(arguments) {
				arguments = json.RawMessage(`{}`)
			}
			r, err := s.use(made.Function.Name, arguments)
			if err != nil { // such as an unknown tool
				r = result{text: err.Error(), failed: true}
				s.outcome.errors++
			}
			messages = append(messages, chat{Role: "tool", ToolCallID: made.ID, Content: r.text})
		}
	}
	s.outcome.questions = s.questions
	s.outcome.wrong = w.verdict(t, said, append(s.transcript, said))
	return s.outcome, errors.Join(s.close(), w.close())
}

// complete returns the model's next message.
func complete(ctx context.Context, model string, messages []chat, tools []listed) (chat, error) {
	type function struct {
		Name        string          `json:"name"`
		Description string          `json:"description"`
		Parameters  json.RawMessage `json:"parameters"`
	}
	type tool struct {
		Type     string   `json:"type"`
		Function function `json:"function"`
	}
	list := make([]tool, len(tools))
	for i, t := range tools {
		list[i] = tool{"function", function{t.Name, t.Description, t.InputSchema}}
	}
	body, err := json.Marshal(map[string]any{"model": model, "messages": messages, "tools": list})
	if err != nil {
		return chat{}, fmt.Errorf("write the request: %w", err)
	}
	base := strings.TrimSuffix(os.Getenv("OPENAI_BASE_URL"), "/")
	if base == "" {
		base = "https://api.openai.com/v1"
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/chat/completions", bytes.NewReader(body))
	if err != nil {
		return chat{}, fmt.Errorf("ask the model: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+os.Getenv("OPENAI_API_KEY"))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return chat{}, fmt.Errorf("ask the model: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(response.Body, maxResponse))
	if err != nil {
		return chat{}, fmt.Errorf("read the model's response: %w", err)
	}
	var r struct{ Choices []struct{ Message chat } }
	if response.StatusCode != http.StatusOK || json.Unmarshal(text, &r) != nil || len(r.Choices) == 0 {
		return chat{}, fmt.Errorf("the model's API responded with %s: %.500s", response.Status, text)
	}
	return r.Choices[0].Message, nil
}
