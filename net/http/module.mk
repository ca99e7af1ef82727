MODULES           += net/http
net/http.sources  := http.c http_body.c http_chunked.c http_conditional.c http_conn.c \
                     http_counters.c http_date.c http_emit.c http_fields.c http_gzip.c http_kept.c \
                     http_kv.c http_out.c http_parse.c http_parts.c http_reply.c http_route.c http_stream.c \
                     http_target.c http_text.c
net/http.requires := base hal
