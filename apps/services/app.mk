APP_ABOUT     := echo, discard, chargen and HTTP, for interoperability tests
APP_SOURCES   := main.c pages.c services.c udp_services.c
APP_MODULES   := apps/common runtime/fiber net/http net/udp
APP_HTTP_PORT := 80
