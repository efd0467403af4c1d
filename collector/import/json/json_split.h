/* json_split: a text of JSON cut into objects without reading them: one a line, one behind the other over several lines,
 * or the elements of one array. Constant memory. What is no object is told with its place and passed over. */
#ifndef VITRINE_IMPORT_JSON_SPLIT_H
#define VITRINE_IMPORT_JSON_SPLIT_H

#include "collector/import/input/text_input.h"

enum json_piece {
	JSON_OBJECT,        /* text is one, as far as brackets and quotes can tell */
	JSON_REFUSED,       /* text is none, why says what was wrong; reading goes on behind it */
	JSON_END,
};

enum json_layout { JSON_LAYOUT_UNKNOWN, JSON_LINES, JSON_SPREAD };    /* SPREAD: objects over several lines, or an array */

struct json_split {
	struct text_input *in;      /* borrowed */
	enum json_layout layout;
	struct view text;           /* of the piece; dies at the next call */
	const char *why;
	size_t taken;               /* of the window, consumed at the next call */
};

void json_split_init(struct json_split *s, struct text_input *in);
enum json_piece json_split_next(struct json_split *s);

/* For text_input's peeked head: does it look like JSON events? */
bool json_split_probe(const char *text, size_t len);

#endif
