MODULES                   += boards/soc/linux
boards/soc/linux.sources  := process.c words.c
boards/soc/linux.requires := base hal arch/include arch/host \
                             drivers/irq/epoll drivers/timer/timerfd drivers/uart/stdio drivers/net/tap drivers/block/file
