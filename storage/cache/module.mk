MODULES                += storage/cache
storage/cache.sources  := cache.c cache_pages.c
storage/cache.requires := base hal
