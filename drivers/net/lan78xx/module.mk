MODULES                       += drivers/net/lan78xx
drivers/net/lan78xx.sources  := lan78xx.c
drivers/net/lan78xx.requires := base drivers/net/lan_usb drivers/net/usb_net drivers/usb/core hal
