MODULES                  += drivers/net/tap
drivers/net/tap.sources  := tap.c
drivers/net/tap.requires := base hal arch/include arch/host drivers/irq/epoll
