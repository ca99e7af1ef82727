MODULES                       += drivers/net/lan_usb
drivers/net/lan_usb.sources  := lan_usb.c
drivers/net/lan_usb.requires := base drivers/net/usb_net drivers/usb/core hal
