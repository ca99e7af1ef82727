# The tests, from the quickest to the slowest, and the checks of the source.

# What the emulator tests boot.
EMU_BOARDS := $(BOARDS)
EMU_APPS   := $(APPS)

images:
	@for board in $(EMU_BOARDS); do for app in $(EMU_APPS); do \
	    $(MAKE) SETUP=0 BOARD=$$board APP=$$app all || exit 1; done; done

emu: images
	@$(PYTHON) -m pytest -q -rs -p no:cacheprovider tests/emu $(if $(K),-k $(call quote,$(K)))

check: $(CONFIG_MODULES_H)
	@tools/check $(BUILD)

format:
	@tools/sources c h | xargs clang-format -i

bench: images
	@$(PYTHON) bench/bench.py $(BENCH)

test:
	@$(MAKE) SETUP=0 check
	@$(MAKE) SETUP=0 unit
	@$(MAKE) SETUP=0 fuzz
	@$(MAKE) SETUP=0 emu

.PHONY: images emu check format bench test
