MODULES                  += drivers/net/tap
drivers/net/tap.sources  := tap.c tap_open.c
drivers/net/tap.requires := base hal arch/include arch/host drivers/irq/epoll drivers/net/vnet
