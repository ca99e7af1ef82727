# Commands that build nothing themselves.

clean:
	rm -rf $(filter-out $(BUILD)/toolchain,$(wildcard $(BUILD)/*))

distclean:
	rm -rf $(BUILD) compile_commands.json

.PHONY: clean distclean
