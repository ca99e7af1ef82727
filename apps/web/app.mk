APP_ABOUT     := a web server with a page about itself
APP_SOURCES   := main.c web.c
APP_MODULES   := apps/common runtime/fiber net/http storage/embedded
APP_EMBED     := htdocs
APP_HTTP_PORT := 80
