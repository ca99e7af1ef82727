MODULES                    += drivers/irq/epoll
drivers/irq/epoll.sources  := epoll_irq.c
drivers/irq/epoll.requires := base hal arch/include arch/host
