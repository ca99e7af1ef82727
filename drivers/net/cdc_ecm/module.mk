MODULES                       += drivers/net/cdc_ecm
drivers/net/cdc_ecm.sources  := cdc_ecm.c cdc_ecm_parse.c
drivers/net/cdc_ecm.requires := base drivers/net/usb_net drivers/usb/core hal
