/* SPDX-License-Identifier: ISC */
/* Content negotiation between a file and its compressed form: RFC 9110 sections 12.4.2, 12.5.3. */
#include <string.h>

#include "base/attr.h"
#include "net/http/http_internal.h"

/* --- Accept-Encoding ------------------------------------------------------------------------- */

enum {
	Q_MAX = 1000, /* weights are held in thousandths */
	Q_ABSENT = -1,
};

/*
 * qvalue = "0" [ "." 0*3DIGIT ] / "1" [ "." 0*3"0" ]; Q_ABSENT if it is malformed. What is missing
 * of "0.000" means just that.
 */
static int parse_qvalue(struct http_text t)
{
	static const char zero[] = "0.000";
	int q = 0;
	for (size_t i = 0; i < sizeof(zero) - 1; i++) {
		char c = i < t.len ? t.at[i] : zero[i];
		if (i == 1 ? c != '.' : c < '0' || c > '9')
			return Q_ABSENT;
		if (i != 1)
			q = q * 10 + (c - '0');
	}
	return t.len > 0 && t.len < sizeof(zero) && q <= Q_MAX ? q : Q_ABSENT;
}

/* weight = OWS ";" OWS "q=" qvalue, in `t` behind the semicolon; 1 if there is none. */
static int parse_weight(struct http_text t)
{
	t = http_text_trim(t);
	if (t.len == 0)
		return Q_MAX;
	struct http_text name = http_text_cut(&t, '=');
	return http_text_is(name, "q") ? parse_qvalue(t) : Q_ABSENT;
}

/* The codings that weights are read of. */
enum { GZIP, IDENTITY, ANY, X_GZIP };

struct weights {
	int of[X_GZIP];
};

/* Of something that is named twice, the last counts; an item that is malformed says nothing. */
static void read_list(struct weights *w, struct http_text list)
{
	static const char codings[] = "gzip\0identity\0*\0x-gzip\0";
	struct http_text item;
	while ((item = http_text_next_item(&list)).len > 0) {
		struct http_text coding = http_text_trim(http_text_cut(&item, ';'));
		int q = parse_weight(item), place = http_text_place(coding, codings);
		if (q != Q_ABSENT && place >= 0)
			w->of[place == X_GZIP ? GZIP : place] = q;
	}
}

/* Mostly there is but one, and where it is the parser has noted. */
static struct weights read_weights(const struct http_head *head, struct http_text fields)
{
	struct weights w = {{Q_ABSENT, Q_ABSENT, Q_ABSENT}};
	struct http_text value;
	if ((head->flags & HTTP_ACCEPTS_MORE) == 0) {
		value = (struct http_text){head->accepts,
					   (size_t)(fields.at + fields.len - head->accepts)};
		read_list(&w, http_next_line(&value));
		return w;
	}
	while (http_find_field(&fields, "accept-encoding\0", &value) >= 0)
		read_list(&w, value);
	return w;
}

enum http_coding http_choose_coding(const struct http_head *head, struct http_text fields,
				    bool has_gzip)
{
	/* Without the field anything goes; but who cannot decompress does not say so either. */
	if (head->accepts == NULL)
		return HTTP_IDENTITY;
	struct weights w = read_weights(head, fields);
	int gzip = w.of[GZIP] != Q_ABSENT ? w.of[GZIP] : w.of[ANY], identity = w.of[IDENTITY];
	/* "*" can forbid the identity coding, but does not prefer it to others. */
	if (identity == Q_ABSENT && w.of[ANY] == 0)
		identity = 0;
	if (has_gzip && gzip > 0 && gzip >= identity)
		return HTTP_GZIP;
	return identity != 0 ? HTTP_IDENTITY : HTTP_CODING_NONE;
}

/* --- the handler ----------------------------------------------------------------------------- */

static const char suffix[] = ".gz";
enum { SUFFIX = sizeof(suffix) - 1 };

/* The value of the key with the suffix; `whole`, which may hold the key already, has room for both.
 */
static bool find_compressed(struct kv *kv, struct http_text key, char *whole, struct kv_value *out)
{
	if (key.len > HTTP_KEY_BYTES_MAX)
		return false;
	if (key.at != whole)
		memcpy(whole, key.at, key.len);
	memcpy(whole + key.len, suffix, SUFFIX);
	return kv_get(kv, whole, key.len + SUFFIX, out) == OK;
}

GUARDED enum err http_serve_kv_gzip(void *arg, struct http_conn *conn,
				    const struct http_request *request,
				    struct http_response *response)
{
	char whole[HTTP_KEY_BYTES_MAX + SUFFIX];
	struct http_text key;
	struct kv_value value;
	enum err e = http_kv_find(arg, request, response, whole, &key);
	if (e != OK)
		return e;
	bool has_gzip = find_compressed(arg, key, whole, &value);
	if (has_gzip)
		response->fields = http_vary;
	switch (http_choose_coding(&conn->head, http_conn_fields(conn), has_gzip)) {
	case HTTP_GZIP:
		response->gzip = true;
		response->body = value.bytes;
		response->etag = value.version;
		break;
	case HTTP_CODING_NONE:
		response->status = 406;
		response->body = (struct slice){0}; /* the status says it all */
		response->etag = 0;
		break;
	default:
		break;
	}
	return OK;
}
