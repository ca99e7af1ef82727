/* SPDX-License-Identifier: ISC */
/*
 * Headers and bodies, from bytes to struct http_head and runs of data: pure functions without a
 * connection, of which the server and the client (net/http_client) use the same.
 *
 * http_scan() looks for the end of the header in bytes that arrive by and by, and refuses what no
 * header may hold; http_parse_head() then reads it as a whole. The rules are the strict ones of
 * RFC 9112: lines end with CR LF, nothing is folded, nothing that two parsers could read
 * differently is let through (its section 11.2, request smuggling).
 */
#ifndef NET_HTTP_HTTP_PARSE_H
#define NET_HTTP_HTTP_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "net/http/http.h"

/* --- text (http_text.c) --------------------------------------------------------------------- */

/*
 * Not 0 if `t` is what `lower` begins with, in whatever case. `lower` is at least as long, and
 * holds lower-case letters, digits and marks below '@'.
 */
int http_text_matches(struct http_text t, const char *lower);

/* Not 0 if `t` is such a string, `len` long. */
int http_text_is_of(struct http_text t, const char *lower, size_t len);

/* Not 0 if `t` is the literal `lower`, such a string, in whatever case. */
#define http_text_is(t, lower) http_text_is_of(t, lower "", sizeof(lower) - 1)

/* True if both are exactly the same. */
bool http_text_same(struct http_text a, struct http_text b);
bool http_text_equal(struct http_text t, const char *s);

/* `t` without spaces and tabs at both ends. */
struct http_text http_text_trim(struct http_text t);

/* Where a character may stand. */
enum http_char {
	HTTP_CHAR_TOKEN = 1 << 0, /* in a token (RFC 9110 section 5.6.2) */
	HTTP_CHAR_HOST = 1 << 1,  /* in uri-host [ ":" port ] (RFC 9110 section 7.2) */
	/* In a request target: printing ASCII without a fragment. '%', '.' and '?' stand apart. */
	HTTP_CHAR_TARGET = 1 << 2,
	HTTP_CHAR_NAME = 1 << 3, /* in a host's name or an IPv4 address, as none takes otherwise */
	HTTP_CHAR_ADDRESS = 1 << 4, /* in an IPv6 address, without its brackets */
	HTTP_CHAR_QUERY = 1 << 5,   /* in front of a query */
	HTTP_CHAR_URL = 0x3f,       /* in a URL: any of these */
};

/*
 * How many characters at `at` are all of this kind. Something that is of no kind, as the end of a
 * line is, must be behind them.
 */
size_t http_text_span(const char *at, enum http_char kind);

/* Whether there is such a character in `t`. */
bool http_text_holds(struct http_text t, char c);

/* Whether all of `t` is of this kind, and not empty. */
bool http_text_is_all(struct http_text t, enum http_char kind);

/* Takes `n` characters, which there are, off the front. */
static inline void http_text_skip(struct http_text *t, size_t n)
{
	t->at += n;
	t->len -= n;
}

/* The length of `s` if that is what `t` begins with, else 0. */
size_t http_text_begins(struct http_text t, const char *s);

/* How many bytes come before the first control character; `len` if there is none. */
size_t http_text_printing(const void *bytes, size_t len);

/*
 * The text of *rest up to the first `separator`, and moves *rest behind it; all of *rest, which
 * becomes empty, if there is none.
 */
struct http_text http_text_cut(struct http_text *rest, char separator);

/*
 * The place of `t` in a list of such strings (base/text.h), from 0; -1 if it is not there.
 */
int http_text_place(struct http_text t, const char *list);

/* The text of *rest up to the first of `marks`, where *rest then begins; all of it without one. */
struct http_text http_text_until(struct http_text *rest, const char *marks);

/* Takes the next item off a comma-separated list, trimmed, empty ones left out; empty at its end.
 */
struct http_text http_text_next_item(struct http_text *list);

/*
 * The decimal number that `t` is; one too large for 64 bits is UINT64_MAX. False if it is none, and
 * *value is as it was.
 */
bool http_text_number(struct http_text t, uint64_t *value);

/* --- header (http_fields.c, http_parse.c, http_target.c) ------------------------------------- */

enum http_scan_result {
	HTTP_SCAN_MORE,  /* no end yet */
	HTTP_SCAN_DONE,  /* the header is the first scan->at bytes */
	HTTP_SCAN_BLANK, /* scan->at bytes are an empty line before the message: skip them */
	HTTP_SCAN_BAD,   /* a character that no header may hold */
};

struct http_scan {
	uint16_t at;   /* bytes looked at */
	uint16_t line; /* where the present line begins */
};

/*
 * Goes on looking for the end of the header in `bytes`, `len` of them (65535 at most) since the
 * message's beginning, of which scan->at are known.
 */
enum http_scan_result http_scan(struct http_scan *scan, const uint8_t *bytes, size_t len);

/* What the parser found, besides the method, path and query. */
enum http_flag {
	HTTP_HOST = 1 << 0,
	HTTP_LENGTH = 1 << 1,  /* Content-Length */
	HTTP_CODING = 1 << 2,  /* Transfer-Encoding, which ends with: */
	HTTP_CHUNKED = 1 << 3, /* chunked, and is nothing else */
	HTTP_CLOSE = 1 << 4,   /* the connection ends with the response */
	HTTP_KEEP = 1 << 5,    /* "keep-alive" was asked for */
	HTTP_EXPECT = 1 << 6,  /* 100-continue */
	HTTP_1_0 = 1 << 7,
	HTTP_ENCODED = 1 << 8, /* the path holds '%' or may hold dot segments: normalise it */
	HTTP_OPTIONS = 1 << 9,
	HTTP_CONNECT = 1 << 10,
	HTTP_CONDITIONAL = 1 << 11,  /* If-Match, If-None-Match or Range */
	HTTP_ACCEPTS_MORE = 1 << 12, /* more than one Accept-Encoding */
	HTTP_ASKED = 1 << 13,        /* a handler has asked for the fields */
};

struct http_head {
	uint16_t flags;              /* enum http_flag */
	uint16_t fields_at;          /* where the field lines begin in the header */
	uint16_t status;             /* of a response */
	struct http_request request; /* its path is as it came: see HTTP_ENCODED */
	const char *accepts;         /* where the last Accept-Encoding's value is, or NULL */
	uint64_t body_bytes;         /* Content-Length, or 0 */
};

/*
 * Takes one or more characters of a kind off the front, and what must be behind them. Unless it is
 * empty, `rest` ends with a line feed.
 */
bool http_take_word(struct http_text *rest, enum http_char kind, char behind,
		    struct http_text *word);

/* How many bytes come before the first control character but tabs; `len` if there is none. */
size_t http_line_length(const char *at, size_t len);

/*
 * The next line without its CR LF; empty at the end. Where a character that no header may hold ends
 * it, that is what `rest` begins with, and no field line does.
 */
struct http_text http_next_line(struct http_text *rest);

/* Whether http_parse_fields() makes something of fields of this name. */
bool http_is_read(struct http_text name);

/*
 * Takes fields off *fields up to the next one whose name is in the list `names`, and returns its
 * place there; -1 at the end.
 */
int http_find_field(struct http_text *fields, const char *names, struct http_text *value);

/*
 * Reads the field lines up to the empty one, where `rest`, which ends with a line feed, then is: 0,
 * 400, 431; or for a request also 417; or 501 for a transfer coding. *head is of a response if its
 * status is set: then what only requests have means nothing.
 */
MUST_USE unsigned http_parse_fields(struct http_head *head, struct http_text *rest);

/* Methods as a request line begins with them; the first HTTP_METHODS_ALLOWED a route may have. */
struct http_method_name {
	char name[9]; /* with the space behind it */
	uint8_t method;
	uint16_t flag; /* of struct http_head */
};
enum { HTTP_METHODS_ALLOWED = 7 };
extern const struct http_method_name http_method_names[];

/* "HTTP/1.1" and its end of line, taken off the front of the request: 0, 400 or 505. */
MUST_USE unsigned http_take_version(struct http_head *head, struct http_text *rest);

/* "HTTP/1.1": 0, 400 or 505. */
MUST_USE unsigned http_parse_version(struct http_head *head, struct http_text version);

/*
 * Parses a header that http_scan() found complete. Returns 0 and its length; or the status of the
 * error to answer with: 400, 414, 417, 431, 501, 505. *head points into `header`, and is valid as
 * far as it was parsed. RFC 9112 sections 2 to 6, RFC 9110 sections 7 to 10.
 *
 * It may be tried on text that was not looked at yet, and goes on behind the header. Then 0 is as
 * good; an error says nothing.
 */
MUST_USE unsigned http_parse_head(struct http_head *head, const char *header, size_t len,
				  uint16_t *bytes);

/* A request target as it came, and what makes a difference in them. */
struct http_target {
	struct http_text text;
	const char *question; /* the first question mark, or the end */
	bool encoded;         /* there is something to normalise before that */
};

/*
 * Takes "//" and the authority behind it off the front of a URL without its scheme; false if there
 * is none. RFC 3986 section 3.2.
 */
bool http_take_authority(struct http_text *rest, struct http_text *authority);

/* Takes the request target off the front, and the space behind it; false if there is none. */
bool http_take_target(struct http_text *rest, struct http_target *target);

/* Splits it into path and query: 0 or 400. RFC 9112 section 3.2. */
MUST_USE unsigned http_parse_target(struct http_head *head, const struct http_target *target);

/*
 * Decodes %XX and removes dot segments (RFC 3986 sections 2.1, 5.2.4), in place. False for a
 * malformed escape or one of a control character. The path begins with '/' before and after.
 */
MUST_USE bool http_normalise_path(char *path, size_t *len);

/* The latter alone: returns the new length. */
size_t http_remove_dot_segments(char *path, size_t len);

/* --- conditions and ranges (http_conditional.c) ---------------------------------------------- */

/* What is to be sent of a representation. */
struct http_selection {
	unsigned status; /* 200, 206, 304, 412 or 416 */
	uint64_t first;  /* byte of the representation, for 206 */
	uint64_t bytes;  /* from there */
};

/*
 * Applies If-Match, If-None-Match, Range and If-Range among `fields` to a representation of
 * `total` bytes (HTTP_LENGTH_UNKNOWN: no ranges) with entity tag `etag`. Dates are not compared:
 * here is no modification date, so If-Modified-Since and If-Unmodified-Since are ignored.
 * RFC 9110 sections 13 and 14.
 */
struct http_selection http_select(enum http_method method, struct http_text fields, uint64_t etag,
				  uint64_t total);

enum {
	HTTP_ETAG_CHARS = 18, /* "0123456789abcdef" with its quotes */
};

/* Writes the entity tag to `text`, without a NUL. */
void http_format_etag(uint64_t etag, char text[static HTTP_ETAG_CHARS]);

/* --- content codings (http_gzip.c) ----------------------------------------------------------- */

enum http_coding { HTTP_CODING_NONE, HTTP_IDENTITY, HTTP_GZIP };

/*
 * What to send to a peer whose request has this head and `fields`, of a representation that there
 * is as gzip too or not; HTTP_CODING_NONE if nothing is acceptable. RFC 9110 section 12.5.3.
 */
enum http_coding http_choose_coding(const struct http_head *head, struct http_text fields,
				    bool has_gzip);

/* --- chunked bodies (http_chunked.c) --------------------------------------------------------- */

struct http_chunked {
	uint64_t left;     /* bytes of the present chunk */
	uint16_t overhead; /* bytes of chunk extensions and trailers so far */
	uint8_t state;
};

/*
 * Decodes the chunked coding (RFC 9112 section 7.1), over any division of the stream; zero *d
 * first. Takes *used of the `len` bytes. OK: `*data_bytes` of data end there (they are the last of
 * the bytes used); ERR_AGAIN: all are used; ERR_EOF: the body, its trailers included, is over;
 * ERR_INVALID: malformed, or more than HTTP_HEADER_BYTES_MAX of extensions and trailers.
 */
MUST_USE enum err http_chunked_decode(struct http_chunked *d, const uint8_t *bytes, size_t len,
				      size_t *used, size_t *data_bytes);

/* A run of a body: of `used` bytes the last `data`; may be none. */
struct http_run {
	size_t used, data;
	bool last; /* the body ends there */
};

/*
 * Takes a run off the front of `len` bytes, at least one, of the body that `head` announced, which
 * has one. head->body_bytes is then what is left of a body with a length, and what there was of a
 * chunked one, whose state is `chunked`. ERR_INVALID.
 */
MUST_USE enum err http_body_decode(struct http_head *head, struct http_chunked *chunked,
				   const uint8_t *bytes, size_t len, struct http_run *run);

#endif
