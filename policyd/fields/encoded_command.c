/* powershell -EncodedCommand: found as PowerShell finds it, decoded as PowerShell decodes it. */
#include "policyd/fields/cmdline.h"

#include "proto/base/base64.h"
#include "proto/base/text.h"

enum { MIN_ENCODED_CHARS = 8 };        /* three UTF-16 units; less is some other program's -e */

static bool is_encoded_option(struct text_view word)
{
	static const char name[] = "encodedcommand";

	if (word.len < 2 || (word.ptr[0] != '-' && word.ptr[0] != '/'))
		return false;
	word.ptr++;
	word.len--;
	if (text_equal_fold(word.ptr, word.len, "ec", 2))
		return true;
	return word.len < sizeof name && text_equal_fold(word.ptr, word.len, name, word.len);
}

static bool decode_word(struct text_view word, struct arena *scratch, struct text_view *out)
{
	struct view utf16;
	uint8_t *bytes;
	char *text;
	size_t n;

	if (word.len < MIN_ENCODED_CHARS)
		return false;
	bytes = arena_alloc(scratch, BASE64_DECODED_MAX(word.len));
	n = bytes ? base64_decode(word.ptr, word.len, bytes) : 0;
	if (n < 2 || n % 2)
		return false;
	utf16 = (struct view){ .ptr = bytes, .len = n };
	text = arena_alloc(scratch, TEXT_UTF8_MAX(n) + 1);
	if (!text)
		return false;
	n = text_utf16_to_utf8(utf16, text, TEXT_UTF8_MAX(n));
	*out = (struct text_view){ .ptr = text, .len = n };
	return n > 0;
}

bool cmdline_decode_powershell(struct text_view line, struct arena *scratch, struct text_view *out)
{
	struct cmdline_words words;

	/* Most lines have no such option: look before splitting. */
	if (!memchr(line.ptr, '-', line.len) && !memchr(line.ptr, '/', line.len))
		return false;
	if (!cmdline_split(line, scratch, &words))
		return false;
	for (size_t i = 1; i + 1 < words.count; i++) {
		if (is_encoded_option(words.word[i]) && decode_word(words.word[i + 1], scratch, out))
			return true;
	}
	return false;
}
