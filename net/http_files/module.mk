MODULES                 += net/http_files
net/http_files.sources  := http_files.c http_files_change.c http_files_counters.c http_media.c
net/http_files.requires := base hal net/http
