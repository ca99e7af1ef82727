MODULES                  += net/http_client
net/http_client.sources  := http_call.c http_client.c http_client_counters.c http_exchange.c \
                            http_link.c http_response.c http_upload.c http_url.c
net/http_client.requires := net/http base hal
