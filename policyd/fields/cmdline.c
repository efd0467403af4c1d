#include "policyd/fields/cmdline.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Index behind the program's name. */
static size_t program_end(struct text_view line, size_t *start, size_t *end)
{
	bool quoted = line.len && line.ptr[0] == '"';
	size_t i = quoted ? 1 : 0;

	*start = i;
	while (i < line.len && (quoted ? line.ptr[i] != '"' : !is_blank(line.ptr[i])))
		i++;
	*end = i;
	return quoted && i < line.len ? i + 1 : i;
}

static struct text_view skip_blanks(struct text_view line)
{
	while (line.len && is_blank(line.ptr[0])) {
		line.ptr++;
		line.len--;
	}
	return line;
}

struct text_view cmdline_program(struct text_view line)
{
	size_t start, end;

	line = skip_blanks(line);
	program_end(line, &start, &end);
	return (struct text_view){ .ptr = line.ptr + start, .len = end - start };
}

struct text_view cmdline_arguments(struct text_view line)
{
	size_t start, end, behind;

	line = skip_blanks(line);
	behind = program_end(line, &start, &end);
	line.ptr += behind;
	line.len -= behind;
	line = skip_blanks(line);
	while (line.len && is_blank(line.ptr[line.len - 1]))
		line.len--;
	return line;
}

struct splitter {
	struct text_view in;
	size_t at;
	char *out;          /* words one behind the other; never more bytes than came in */
	bool quoted;
};

/* A run of backslashes, and the quote behind it if there is one. True: that quote is a plain character. */
static bool take_backslashes(struct splitter *s)
{
	size_t run = 0;
	bool before_quote;

	while (s->at < s->in.len && s->in.ptr[s->at] == '\\') {
		s->at++;
		run++;
	}
	before_quote = s->at < s->in.len && s->in.ptr[s->at] == '"';
	for (size_t i = 0; i < (before_quote ? run / 2 : run); i++)
		*s->out++ = '\\';
	return before_quote && run % 2;
}

static void take_quote(struct splitter *s)
{
	s->at++;
	if (s->quoted && s->at < s->in.len && s->in.ptr[s->at] == '"') {
		*s->out++ = '"';
		s->at++;
	} else {
		s->quoted = !s->quoted;
	}
}

static struct text_view next_word(struct splitter *s)
{
	char *start = s->out;

	s->quoted = false;
	while (s->at < s->in.len && (s->quoted || !is_blank(s->in.ptr[s->at]))) {
		char c = s->in.ptr[s->at];

		if (c == '\\') {
			if (take_backslashes(s)) {
				*s->out++ = '"';
				s->at++;
			}
		} else if (c == '"') {
			take_quote(s);
		} else {
			*s->out++ = c;
			s->at++;
		}
	}
	return (struct text_view){ .ptr = start, .len = (size_t)(s->out - start) };
}

bool cmdline_split(struct text_view line, struct arena *scratch, struct cmdline_words *out)
{
	struct splitter s = { .in = cmdline_arguments(line) };

	out->word = arena_alloc(scratch, CMDLINE_MAX_WORDS * sizeof *out->word);
	s.out = arena_alloc(scratch, s.in.len + 1);
	if (!out->word || !s.out)
		return false;
	out->word[0] = cmdline_program(line);
	out->count = 1;
	while (s.at < s.in.len && out->count < CMDLINE_MAX_WORDS) {
		if (is_blank(s.in.ptr[s.at]))
			s.at++;
		else
			out->word[out->count++] = next_word(&s);
	}
	return true;
}
