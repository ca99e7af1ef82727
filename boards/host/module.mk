MODULES              += boards/host
boards/host.sources  := board.c words.c
boards/host.requires := base hal arch/include arch/host \
                        drivers/irq/epoll drivers/timer/timerfd drivers/uart/stdio drivers/net/tap drivers/block/file
