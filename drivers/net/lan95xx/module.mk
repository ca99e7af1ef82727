MODULES                       += drivers/net/lan95xx
drivers/net/lan95xx.sources  := lan95xx.c
drivers/net/lan95xx.requires := base drivers/net/lan_usb drivers/net/usb_net drivers/usb/core hal
