/* base64: RFC 4648 text into bytes. Pure; any thread. */
#ifndef VITRINE_BASE_BASE64_H
#define VITRINE_BASE_BASE64_H

#include <stddef.h>
#include <stdint.h>

/* Room for what len characters decode to. */
#define BASE64_DECODED_MAX(len) ((len) / 4 * 3 + 3)

/* Bytes written to out; 0: it is no base64, or empty. Padding may be missing; blanks and line ends may not stand in it. */
size_t base64_decode(const char *text, size_t len, uint8_t *out);

#endif
