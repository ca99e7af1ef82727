MODULES                        += drivers/timer/timerfd
drivers/timer/timerfd.sources  := timerfd.c
drivers/timer/timerfd.requires := base hal arch/include arch/host drivers/irq/epoll
