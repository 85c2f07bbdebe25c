namespace EdgeProxy;

/// <summary>The scripts a shell sources; each hands the words typed so far to the hidden completion command.</summary>
internal static class CompletionScript
{
    public static string Bash() => $$"""
        # bash completion for edgeproxy
        _edgeproxy() {
            local IFS=$'\n' word=${COMP_WORDS[COMP_CWORD]}
            COMPREPLY=($("${COMP_WORDS[0]}" {{CompleteCommand.Name}} -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
            if [ ${#COMPREPLY[@]} -eq 0 ]; then COMPREPLY=($(compgen -f -- "$word")); fi
        }
        complete -F _edgeproxy edgeproxy

        """;

    public static string Zsh() => $$"""
        #compdef edgeproxy
        _edgeproxy() {
            local -a found
            found=("${(@f)$("${words[1]}" {{CompleteCommand.Name}} -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
            found=("${(@)found:#}")
            if (( ${#found} )); then compadd -- "${found[@]}"; else _files; fi
        }
        if [ "$funcstack[1]" = "_edgeproxy" ]; then _edgeproxy "$@"; else compdef _edgeproxy edgeproxy; fi

        """;

    public static string Fish() => $$"""
        # fish completion for edgeproxy
        function __edgeproxy_complete
            set -l words (commandline -opc) (commandline -ct)
            $words[1] {{CompleteCommand.Name}} -- $words[2..-1] 2>/dev/null
        end
        complete -c edgeproxy -a '(__edgeproxy_complete)'

        """;
}
