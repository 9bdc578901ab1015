# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_hostctl_global_optspecs
    string join \n c/config= o/output= q/quiet v/verbose color= n/dry-run y/yes no-input reason= account= lock-wait= timeout= idempotency-key= show-secret secret-out= h/help V/version
end

function __fish_hostctl_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_hostctl_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_hostctl_using_subcommand
    set -l cmd (__fish_hostctl_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c hostctl -n "__fish_hostctl_needs_command" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_needs_command" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_needs_command" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_needs_command" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_needs_command" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_needs_command" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_needs_command" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_needs_command" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_needs_command" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_needs_command" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_needs_command" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_needs_command" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_needs_command" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_needs_command" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_needs_command" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_needs_command" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_needs_command" -s V -l version -d 'Print version'
complete -c hostctl -n "__fish_hostctl_needs_command" -f -a "account" -d 'Customers: each owns databases, mail, zones and sites'
complete -c hostctl -n "__fish_hostctl_needs_command" -f -a "package" -d 'Limits of accounts: how many databases, boxes and zones each may have'
complete -c hostctl -n "__fish_hostctl_needs_command" -f -a "site" -d 'Databases, mail, DNS and own steps of one domain, as one operation'
complete -c hostctl -n "__fish_hostctl_needs_command" -f -a "sandbox" -d 'A private playground: PostgreSQL, DNS and mail on loopback'
complete -c hostctl -n "__fish_hostctl_needs_command" -f -a "db" -d 'PostgreSQL databases of customers'
complete -c hostctl -n "__fish_hostctl_needs_command" -f -a "mail" -d 'Domains that take mail, their boxes, and what mail servers need'
complete -c hostctl -n "__fish_hostctl_needs_command" -f -a "cert" -d 'Certificates: where they come from, on which hosts they lie, and how they stand'
complete -c hostctl -n "__fish_hostctl_needs_command" -f -a "setup" -d 'Ask what is needed, write the configuration, make roles, key ring and schema'
complete -c hostctl -n "__fish_hostctl_needs_command" -f -a "schema" -d 'The schema of the control database'
complete -c hostctl -n "__fish_hostctl_needs_command" -f -a "keyring" -d 'The keys that seal secrets at rest'
complete -c hostctl -n "__fish_hostctl_needs_command" -f -a "dns" -d 'DNS: zones and records at the providers, and lookups'
complete -c hostctl -n "__fish_hostctl_needs_command" -f -a "domain" -d 'Who owns which domain: what to publish, and whether it was seen'
complete -c hostctl -n "__fish_hostctl_needs_command" -f -a "ca" -d 'Accounts at certificate authorities'
complete -c hostctl -n "__fish_hostctl_needs_command" -f -a "audit" -d 'The audit trail: who did what'
complete -c hostctl -n "__fish_hostctl_needs_command" -f -a "doctor" -d 'Look whether everything is as it has to be, and name what helps'
complete -c hostctl -n "__fish_hostctl_needs_command" -f -a "tick" -d 'Run what is due: for cron, each minute, on any number of hosts'
complete -c hostctl -n "__fish_hostctl_needs_command" -f -a "op" -d 'Operations: what is being done, what was done, and what a dead process left'
complete -c hostctl -n "__fish_hostctl_needs_command" -f -a "config" -d 'The configuration'
complete -c hostctl -n "__fish_hostctl_needs_command" -f -a "completions" -d 'Print the completions of a shell'
complete -c hostctl -n "__fish_hostctl_needs_command" -f -a "man" -d 'Write the manual pages into a directory'
complete -c hostctl -n "__fish_hostctl_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and not __fish_seen_subcommand_from create list show set suspend resume delete help" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and not __fish_seen_subcommand_from create list show set suspend resume delete help" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and not __fish_seen_subcommand_from create list show set suspend resume delete help" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and not __fish_seen_subcommand_from create list show set suspend resume delete help" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and not __fish_seen_subcommand_from create list show set suspend resume delete help" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and not __fish_seen_subcommand_from create list show set suspend resume delete help" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and not __fish_seen_subcommand_from create list show set suspend resume delete help" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and not __fish_seen_subcommand_from create list show set suspend resume delete help" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and not __fish_seen_subcommand_from create list show set suspend resume delete help" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and not __fish_seen_subcommand_from create list show set suspend resume delete help" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and not __fish_seen_subcommand_from create list show set suspend resume delete help" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and not __fish_seen_subcommand_from create list show set suspend resume delete help" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and not __fish_seen_subcommand_from create list show set suspend resume delete help" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and not __fish_seen_subcommand_from create list show set suspend resume delete help" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and not __fish_seen_subcommand_from create list show set suspend resume delete help" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and not __fish_seen_subcommand_from create list show set suspend resume delete help" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and not __fish_seen_subcommand_from create list show set suspend resume delete help" -f -a "create" -d 'Create an account'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and not __fish_seen_subcommand_from create list show set suspend resume delete help" -f -a "list" -d 'List accounts, with how much each owns'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and not __fish_seen_subcommand_from create list show set suspend resume delete help" -f -a "show" -d 'Show one account: what it has, and what its package allows'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and not __fish_seen_subcommand_from create list show set suspend resume delete help" -f -a "set" -d 'Give an account another package'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and not __fish_seen_subcommand_from create list show set suspend resume delete help" -f -a "suspend" -d 'Shut an account out: logins and mail, not its zones'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and not __fish_seen_subcommand_from create list show set suspend resume delete help" -f -a "resume" -d 'Let a suspended account in again'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and not __fish_seen_subcommand_from create list show set suspend resume delete help" -f -a "delete" -d 'Delete an account with everything it owns'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and not __fish_seen_subcommand_from create list show set suspend resume delete help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from create" -l package -d 'The package whose limits it gets [default: nothing is limited]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from create" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from create" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from create" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from create" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from create" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from create" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from create" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from create" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from create" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from create" -l if-not-exists -d 'Succeed, changing nothing, where it exists already'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from create" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from create" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from create" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from create" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from list" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from list" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from list" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from list" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from list" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from list" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from list" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from list" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from list" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from list" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from list" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from show" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from show" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from show" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from show" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from show" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from show" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from show" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from show" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from show" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from show" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from show" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from set" -l package -d 'The package whose limits it gets' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from set" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from set" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from set" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from set" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from set" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from set" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from set" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from set" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from set" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from set" -l no-package -d 'Take its package away: nothing is limited any more'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from set" -l force -d 'Also where it has more than that already: it keeps it, and gets no more'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from set" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from set" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from set" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from set" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from resume" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from resume" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from resume" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from resume" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from resume" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from resume" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from resume" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from resume" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from resume" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from resume" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from resume" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from resume" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from resume" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from resume" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from resume" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from resume" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from delete" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from delete" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from delete" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from delete" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from delete" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from delete" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from delete" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from delete" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from delete" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from delete" -l purge -d 'Delete for good, at once; nothing is kept that could be brought back'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from delete" -l if-exists -d 'Succeed, changing nothing, where it does not exist'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from delete" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from delete" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from delete" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from help" -f -a "create" -d 'Create an account'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from help" -f -a "list" -d 'List accounts, with how much each owns'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show one account: what it has, and what its package allows'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from help" -f -a "set" -d 'Give an account another package'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from help" -f -a "suspend" -d 'Shut an account out: logins and mail, not its zones'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from help" -f -a "resume" -d 'Let a suspended account in again'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Delete an account with everything it owns'
complete -c hostctl -n "__fish_hostctl_using_subcommand account; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and not __fish_seen_subcommand_from create list show set delete help" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and not __fish_seen_subcommand_from create list show set delete help" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and not __fish_seen_subcommand_from create list show set delete help" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and not __fish_seen_subcommand_from create list show set delete help" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and not __fish_seen_subcommand_from create list show set delete help" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and not __fish_seen_subcommand_from create list show set delete help" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and not __fish_seen_subcommand_from create list show set delete help" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and not __fish_seen_subcommand_from create list show set delete help" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and not __fish_seen_subcommand_from create list show set delete help" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and not __fish_seen_subcommand_from create list show set delete help" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and not __fish_seen_subcommand_from create list show set delete help" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and not __fish_seen_subcommand_from create list show set delete help" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and not __fish_seen_subcommand_from create list show set delete help" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and not __fish_seen_subcommand_from create list show set delete help" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and not __fish_seen_subcommand_from create list show set delete help" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and not __fish_seen_subcommand_from create list show set delete help" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and not __fish_seen_subcommand_from create list show set delete help" -f -a "create" -d 'Create a package of limits'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and not __fish_seen_subcommand_from create list show set delete help" -f -a "list" -d 'List packages'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and not __fish_seen_subcommand_from create list show set delete help" -f -a "show" -d 'Show one package'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and not __fish_seen_subcommand_from create list show set delete help" -f -a "set" -d 'Change the limits of a package, and of every account that has it'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and not __fish_seen_subcommand_from create list show set delete help" -f -a "delete" -d 'Delete a package that no account has'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and not __fish_seen_subcommand_from create list show set delete help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from create" -l databases -d 'How many databases, or unlimited' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from create" -l boxes -d 'How many mail boxes, or unlimited' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from create" -l domains -d 'How many domains that take mail, or unlimited' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from create" -l zones -d 'How many DNS zones, or unlimited' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from create" -l aliases -d 'How many mail aliases, or unlimited' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from create" -l quota -d 'The sum of the quotas of all boxes, such as 10G, or unlimited' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from create" -l database-size -d 'The size of all databases together; it is shown, not enforced' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from create" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from create" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from create" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from create" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from create" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from create" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from create" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from create" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from create" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from create" -l if-not-exists -d 'Succeed, changing nothing, where it exists already'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from create" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from create" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from create" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from create" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from list" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from list" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from list" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from list" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from list" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from list" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from list" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from list" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from list" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from list" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from list" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from show" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from show" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from show" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from show" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from show" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from show" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from show" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from show" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from show" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from show" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from show" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from set" -l databases -d 'How many databases, or unlimited' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from set" -l boxes -d 'How many mail boxes, or unlimited' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from set" -l domains -d 'How many domains that take mail, or unlimited' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from set" -l zones -d 'How many DNS zones, or unlimited' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from set" -l aliases -d 'How many mail aliases, or unlimited' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from set" -l quota -d 'The sum of the quotas of all boxes, such as 10G, or unlimited' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from set" -l database-size -d 'The size of all databases together; it is shown, not enforced' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from set" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from set" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from set" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from set" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from set" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from set" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from set" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from set" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from set" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from set" -l force -d 'Also where an account has more than that already: it keeps it, and gets no more'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from set" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from set" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from set" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from set" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from delete" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from delete" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from delete" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from delete" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from delete" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from delete" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from delete" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from delete" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from delete" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from delete" -l if-exists -d 'Succeed, changing nothing, where it does not exist'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from delete" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from delete" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from delete" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from help" -f -a "create" -d 'Create a package of limits'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from help" -f -a "list" -d 'List packages'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show one package'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from help" -f -a "set" -d 'Change the limits of a package, and of every account that has it'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Delete a package that no account has'
complete -c hostctl -n "__fish_hostctl_using_subcommand package; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and not __fish_seen_subcommand_from create plan apply diff export handover schema list show suspend resume delete help" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and not __fish_seen_subcommand_from create plan apply diff export handover schema list show suspend resume delete help" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and not __fish_seen_subcommand_from create plan apply diff export handover schema list show suspend resume delete help" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and not __fish_seen_subcommand_from create plan apply diff export handover schema list show suspend resume delete help" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and not __fish_seen_subcommand_from create plan apply diff export handover schema list show suspend resume delete help" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and not __fish_seen_subcommand_from create plan apply diff export handover schema list show suspend resume delete help" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and not __fish_seen_subcommand_from create plan apply diff export handover schema list show suspend resume delete help" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and not __fish_seen_subcommand_from create plan apply diff export handover schema list show suspend resume delete help" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and not __fish_seen_subcommand_from create plan apply diff export handover schema list show suspend resume delete help" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and not __fish_seen_subcommand_from create plan apply diff export handover schema list show suspend resume delete help" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and not __fish_seen_subcommand_from create plan apply diff export handover schema list show suspend resume delete help" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and not __fish_seen_subcommand_from create plan apply diff export handover schema list show suspend resume delete help" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and not __fish_seen_subcommand_from create plan apply diff export handover schema list show suspend resume delete help" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and not __fish_seen_subcommand_from create plan apply diff export handover schema list show suspend resume delete help" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and not __fish_seen_subcommand_from create plan apply diff export handover schema list show suspend resume delete help" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and not __fish_seen_subcommand_from create plan apply diff export handover schema list show suspend resume delete help" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and not __fish_seen_subcommand_from create plan apply diff export handover schema list show suspend resume delete help" -f -a "create" -d 'Create the database, mail, zone and certificate of a domain: all of it or nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and not __fish_seen_subcommand_from create plan apply diff export handover schema list show suspend resume delete help" -f -a "plan" -d 'Show what would bring sites to what manifests say'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and not __fish_seen_subcommand_from create plan apply diff export handover schema list show suspend resume delete help" -f -a "apply" -d 'Bring sites to what manifests say'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and not __fish_seen_subcommand_from create plan apply diff export handover schema list show suspend resume delete help" -f -a "diff" -d 'Compare sites with manifests, or with what they were last made to be: exit 5 where they differ'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and not __fish_seen_subcommand_from create plan apply diff export handover schema list show suspend resume delete help" -f -a "export" -d 'Print sites as a manifest'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and not __fish_seen_subcommand_from create plan apply diff export handover schema list show suspend resume delete help" -f -a "handover" -d 'Print the sheet for the customer: name servers, mail settings, database; no passwords'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and not __fish_seen_subcommand_from create plan apply diff export handover schema list show suspend resume delete help" -f -a "schema" -d 'Print the JSON Schema of manifests'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and not __fish_seen_subcommand_from create plan apply diff export handover schema list show suspend resume delete help" -f -a "list" -d 'List sites'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and not __fish_seen_subcommand_from create plan apply diff export handover schema list show suspend resume delete help" -f -a "show" -d 'Show one site'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and not __fish_seen_subcommand_from create plan apply diff export handover schema list show suspend resume delete help" -f -a "suspend" -d 'Let nobody log in to the database and the mail of a site; nothing is lost'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and not __fish_seen_subcommand_from create plan apply diff export handover schema list show suspend resume delete help" -f -a "resume" -d 'Let the users of a site in again'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and not __fish_seen_subcommand_from create plan apply diff export handover schema list show suspend resume delete help" -f -a "delete" -d 'Delete a site with everything that was made with it'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and not __fish_seen_subcommand_from create plan apply diff export handover schema list show suspend resume delete help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from create" -l address -d 'An address that the domain and www point to; several times, or with commas [default: [site] address]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from create" -l db -d 'Make a database of this name, and a login of the same name' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from create" -l cluster -d 'The cluster of the database' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from create" -l mail -d 'Make a mail domain with these boxes: local parts, with commas' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from create" -l quota -d 'How much mail each box takes' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from create" -l provider -d 'The DNS provider of the zone' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from create" -l challenge -d 'How the names are proved: http-01, dns-01 or tls-alpn-01 [default: dns-01 with --dns, else http-01]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from create" -l ca -d 'The authority [acme.NAME]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from create" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from create" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from create" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from create" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from create" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from create" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from create" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from create" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from create" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from create" -l allow-role -d 'Permit boxes of roles such as postmaster'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from create" -l dns -d 'Make a zone with the records of all of it'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from create" -l cert -d 'Get a certificate, as the last thing: for the domain, and for www where the zone is made here. A name that does not lead to us yet leaves it pending, and `tick` gets it'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from create" -l require-cert -d 'Without the certificate nothing of the site stays'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from create" -l if-not-exists -d 'Succeed, changing nothing, where the site exists already'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from create" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from create" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from create" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from create" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from plan" -s j -l jobs -d 'How many sites at once' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from plan" -l out -d 'Keep the plan in a new file, for apply --plan' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from plan" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from plan" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from plan" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from plan" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from plan" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from plan" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from plan" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from plan" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from plan" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from plan" -l prune -d 'Remove parts of a site that its manifest does not name'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from plan" -l prune-sites -d 'Remove whole sites of the same accounts that no manifest names'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from plan" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from plan" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from plan" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from plan" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from plan" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from plan" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from plan" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from apply" -l plan -d 'Carry out a plan that site plan --out has kept, unless what it saw has changed' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from apply" -s j -l jobs -d 'How many sites at once' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from apply" -l max-removals -d 'Let so many things go, where that is more than 10 or 30 percent of what stands' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from apply" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from apply" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from apply" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from apply" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from apply" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from apply" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from apply" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from apply" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from apply" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from apply" -l prune -d 'Remove parts of a site that its manifest does not name'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from apply" -l prune-sites -d 'Remove whole sites of the same accounts that no manifest names'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from apply" -l keep-going -d 'Go on with the other sites where one fails'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from apply" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from apply" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from apply" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from apply" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from apply" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from apply" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from apply" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from diff" -s j -l jobs -d 'How many sites at once' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from diff" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from diff" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from diff" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from diff" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from diff" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from diff" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from diff" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from diff" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from diff" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from diff" -l prune -d 'Remove parts of a site that its manifest does not name'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from diff" -l prune-sites -d 'Remove whole sites of the same accounts that no manifest names'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from diff" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from diff" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from diff" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from diff" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from diff" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from diff" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from diff" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from export" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from export" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from export" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from export" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from export" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from export" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from export" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from export" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from export" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from export" -l all -d 'Every site, or every one of --account'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from export" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from export" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from export" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from export" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from handover" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from handover" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from handover" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from handover" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from handover" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from handover" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from handover" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from handover" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from handover" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from handover" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from handover" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from handover" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from handover" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from handover" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from handover" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from handover" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from schema" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from schema" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from schema" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from schema" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from schema" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from schema" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from schema" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from schema" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from schema" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from schema" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from schema" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from schema" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from schema" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from schema" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from schema" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from schema" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from list" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from list" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from list" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from list" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from list" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from list" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from list" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from list" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from list" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from list" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from list" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from show" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from show" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from show" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from show" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from show" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from show" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from show" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from show" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from show" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from show" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from show" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from suspend" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from suspend" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from suspend" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from suspend" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from suspend" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from suspend" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from suspend" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from suspend" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from suspend" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from suspend" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from suspend" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from suspend" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from suspend" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from suspend" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from suspend" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from suspend" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from resume" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from resume" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from resume" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from resume" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from resume" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from resume" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from resume" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from resume" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from resume" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from resume" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from resume" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from resume" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from resume" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from resume" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from resume" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from resume" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from delete" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from delete" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from delete" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from delete" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from delete" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from delete" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from delete" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from delete" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from delete" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from delete" -l purge -d 'Delete for good, at once; nothing is kept that could be brought back'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from delete" -l if-exists -d 'Succeed, changing nothing, where it does not exist'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from delete" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from delete" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from delete" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from help" -f -a "create" -d 'Create the database, mail, zone and certificate of a domain: all of it or nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from help" -f -a "plan" -d 'Show what would bring sites to what manifests say'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from help" -f -a "apply" -d 'Bring sites to what manifests say'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from help" -f -a "diff" -d 'Compare sites with manifests, or with what they were last made to be: exit 5 where they differ'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from help" -f -a "export" -d 'Print sites as a manifest'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from help" -f -a "handover" -d 'Print the sheet for the customer: name servers, mail settings, database; no passwords'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from help" -f -a "schema" -d 'Print the JSON Schema of manifests'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from help" -f -a "list" -d 'List sites'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show one site'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from help" -f -a "suspend" -d 'Let nobody log in to the database and the mail of a site; nothing is lost'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from help" -f -a "resume" -d 'Let the users of a site in again'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Delete a site with everything that was made with it'
complete -c hostctl -n "__fish_hostctl_using_subcommand site; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and not __fish_seen_subcommand_from up status env demo down help" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and not __fish_seen_subcommand_from up status env demo down help" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and not __fish_seen_subcommand_from up status env demo down help" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and not __fish_seen_subcommand_from up status env demo down help" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and not __fish_seen_subcommand_from up status env demo down help" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and not __fish_seen_subcommand_from up status env demo down help" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and not __fish_seen_subcommand_from up status env demo down help" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and not __fish_seen_subcommand_from up status env demo down help" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and not __fish_seen_subcommand_from up status env demo down help" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and not __fish_seen_subcommand_from up status env demo down help" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and not __fish_seen_subcommand_from up status env demo down help" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and not __fish_seen_subcommand_from up status env demo down help" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and not __fish_seen_subcommand_from up status env demo down help" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and not __fish_seen_subcommand_from up status env demo down help" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and not __fish_seen_subcommand_from up status env demo down help" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and not __fish_seen_subcommand_from up status env demo down help" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and not __fish_seen_subcommand_from up status env demo down help" -f -a "up" -d 'Start one and make it ready'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and not __fish_seen_subcommand_from up status env demo down help" -f -a "status" -d 'Show its servers'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and not __fish_seen_subcommand_from up status env demo down help" -f -a "env" -d 'Print the variables for a shell: eval "$(hostctl sandbox env)"'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and not __fish_seen_subcommand_from up status env demo down help" -f -a "demo" -d 'Show what hostctl does, in a sandbox of its own that is gone afterwards'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and not __fish_seen_subcommand_from up status env demo down help" -f -a "down" -d 'End its servers and remove it'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and not __fish_seen_subcommand_from up status env demo down help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from up" -l dir -d 'Its one directory' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from up" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from up" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from up" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from up" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from up" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from up" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from up" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from up" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from up" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from up" -l bare -d 'PostgreSQL alone, whatever is installed'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from up" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from up" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from up" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from up" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from up" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from up" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from up" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l dir -d 'Its one directory' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from status" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from status" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from status" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from status" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from env" -l dir -d 'Its one directory' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from env" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from env" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from env" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from env" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from env" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from env" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from env" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from env" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from env" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from env" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from env" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from env" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from env" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from env" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from env" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from env" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from demo" -l dir -d 'The directory of the sandbox; it must not exist [default: a new one below /tmp]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from demo" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from demo" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from demo" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from demo" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from demo" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from demo" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from demo" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from demo" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from demo" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from demo" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from demo" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from demo" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from demo" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from demo" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from demo" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from demo" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from down" -l dir -d 'Its one directory' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from down" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from down" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from down" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from down" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from down" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from down" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from down" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from down" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from down" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from down" -l if-exists -d 'Succeed where there is none'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from down" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from down" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from down" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from down" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from down" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from down" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from down" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "up" -d 'Start one and make it ready'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show its servers'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "env" -d 'Print the variables for a shell: eval "$(hostctl sandbox env)"'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "demo" -d 'Show what hostctl does, in a sandbox of its own that is gone afterwards'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "down" -d 'End its servers and remove it'
complete -c hostctl -n "__fish_hostctl_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and not __fish_seen_subcommand_from create list show passwd set suspend resume backup backups restore delete help" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and not __fish_seen_subcommand_from create list show passwd set suspend resume backup backups restore delete help" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and not __fish_seen_subcommand_from create list show passwd set suspend resume backup backups restore delete help" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and not __fish_seen_subcommand_from create list show passwd set suspend resume backup backups restore delete help" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and not __fish_seen_subcommand_from create list show passwd set suspend resume backup backups restore delete help" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and not __fish_seen_subcommand_from create list show passwd set suspend resume backup backups restore delete help" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and not __fish_seen_subcommand_from create list show passwd set suspend resume backup backups restore delete help" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and not __fish_seen_subcommand_from create list show passwd set suspend resume backup backups restore delete help" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and not __fish_seen_subcommand_from create list show passwd set suspend resume backup backups restore delete help" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and not __fish_seen_subcommand_from create list show passwd set suspend resume backup backups restore delete help" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and not __fish_seen_subcommand_from create list show passwd set suspend resume backup backups restore delete help" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and not __fish_seen_subcommand_from create list show passwd set suspend resume backup backups restore delete help" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and not __fish_seen_subcommand_from create list show passwd set suspend resume backup backups restore delete help" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and not __fish_seen_subcommand_from create list show passwd set suspend resume backup backups restore delete help" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and not __fish_seen_subcommand_from create list show passwd set suspend resume backup backups restore delete help" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and not __fish_seen_subcommand_from create list show passwd set suspend resume backup backups restore delete help" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and not __fish_seen_subcommand_from create list show passwd set suspend resume backup backups restore delete help" -f -a "create" -d 'Create a database, its owner and a role that logs in'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and not __fish_seen_subcommand_from create list show passwd set suspend resume backup backups restore delete help" -f -a "list" -d 'List databases'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and not __fish_seen_subcommand_from create list show passwd set suspend resume backup backups restore delete help" -f -a "show" -d 'Show one database and where its clients find it'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and not __fish_seen_subcommand_from create list show passwd set suspend resume backup backups restore delete help" -f -a "passwd" -d 'Set another password for the role of a database'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and not __fish_seen_subcommand_from create list show passwd set suspend resume backup backups restore delete help" -f -a "set" -d 'Set limits, extensions or the quota of a database'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and not __fish_seen_subcommand_from create list show passwd set suspend resume backup backups restore delete help" -f -a "suspend" -d 'Suspend a database: nobody logs in, nothing in it is touched'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and not __fish_seen_subcommand_from create list show passwd set suspend resume backup backups restore delete help" -f -a "resume" -d 'Let the role of a suspended database log in again'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and not __fish_seen_subcommand_from create list show passwd set suspend resume backup backups restore delete help" -f -a "backup" -d 'Write a database to an archive'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and not __fish_seen_subcommand_from create list show passwd set suspend resume backup backups restore delete help" -f -a "backups" -d 'List archives that were written'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and not __fish_seen_subcommand_from create list show passwd set suspend resume backup backups restore delete help" -f -a "restore" -d 'Restore a database from an archive'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and not __fish_seen_subcommand_from create list show passwd set suspend resume backup backups restore delete help" -f -a "delete" -d 'Delete a database, its roles and all that is in it'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and not __fish_seen_subcommand_from create list show passwd set suspend resume backup backups restore delete help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from create" -l password-file -d 'Read the password from a file that nobody else may read' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from create" -l cluster -d 'The cluster it is to be on [default: main, or the only one]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from create" -l extension -d 'An extension to install; several by giving it again' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from create" -l connections -d 'How many sessions at once [default: unlimited]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from create" -l statement-timeout -d 'The longest statement, such as 30s [default: the server\'s]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from create" -l idle-in-transaction-timeout -d 'How long a transaction may do nothing, such as 5m [default: the server\'s]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from create" -l locale -d 'A locale of the server [default: that of template0]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from create" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from create" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from create" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from create" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from create" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from create" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from create" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from create" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from create" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from create" -l password-stdin -d 'Read the password from stdin: one line (a terminal is asked)'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from create" -l adopt -d 'Take a database that is there already, and the role of its name, as ours; the password stays'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from create" -l if-not-exists -d 'Succeed, changing nothing, where the account has it already'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from create" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from create" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from create" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from create" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from list" -l cluster -d 'Only those on this cluster' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from list" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from list" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from list" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from list" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from list" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from list" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from list" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from list" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from list" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from list" -l foreign -d 'Those on the clusters that hostctl did not make'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from list" -l over-quota -d 'Only those that are larger than their quota'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from list" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from list" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from show" -l cluster -d 'The cluster it is on, where several have one of this name' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from show" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from show" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from show" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from show" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from show" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from show" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from show" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from show" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from show" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from show" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from show" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from passwd" -l password-file -d 'Read the password from a file that nobody else may read' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from passwd" -l cluster -d 'The cluster it is on, where several have one of this name' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from passwd" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from passwd" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from passwd" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from passwd" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from passwd" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from passwd" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from passwd" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from passwd" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from passwd" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from passwd" -l password-stdin -d 'Read the password from stdin: one line (a terminal is asked)'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from passwd" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from passwd" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from passwd" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from passwd" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from passwd" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from passwd" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from passwd" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from set" -l cluster -d 'The cluster it is on, where several have one of this name' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from set" -l connections -d 'How many sessions at once [default: unlimited]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from set" -l statement-timeout -d 'The longest statement, such as 30s [default: the server\'s]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from set" -l idle-in-transaction-timeout -d 'How long a transaction may do nothing, such as 5m [default: the server\'s]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from set" -l extension -d 'An extension to install; several by giving it again' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from set" -l schemas -d 'Whether the tenant may make schemas; with that the server allows it every trusted extension' -r -f -a "on\t'Allowed'
off\t'Not allowed'"
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from set" -l quota -d 'How large it should be at most, such as 2G, or unlimited; reported, not enforced' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from set" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from set" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from set" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from set" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from set" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from set" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from set" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from set" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from set" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from set" -l unlimited -d 'No limit of connections and times, apart from those given beside it'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from set" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from set" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from set" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from set" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from suspend" -l cluster -d 'The cluster it is on, where several have one of this name' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from suspend" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from suspend" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from suspend" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from suspend" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from suspend" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from suspend" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from suspend" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from suspend" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from suspend" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from suspend" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from suspend" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from suspend" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from suspend" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from suspend" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from suspend" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from suspend" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from resume" -l cluster -d 'The cluster it is on, where several have one of this name' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from resume" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from resume" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from resume" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from resume" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from resume" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from resume" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from resume" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from resume" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from resume" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from resume" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from resume" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from resume" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from resume" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from resume" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from resume" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from resume" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backup" -l cluster -d 'The cluster it is on, where several have one of this name' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backup" -l to -d 'The archive, or the directory for it, where nobody else may write [default: backups in the state directory]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backup" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backup" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backup" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backup" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backup" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backup" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backup" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backup" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backup" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backup" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backup" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backup" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backup" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backup" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backup" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backup" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backups" -l cluster -d 'Only those from this cluster' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backups" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backups" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backups" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backups" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backups" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backups" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backups" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backups" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backups" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backups" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backups" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backups" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backups" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backups" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backups" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from backups" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from restore" -l cluster -d 'The cluster it is on, where several have one of this name' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from restore" -l as -d 'Restore to a new database, and leave this one alone' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from restore" -l password-file -d 'Read the password from a file that nobody else may read' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from restore" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from restore" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from restore" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from restore" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from restore" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from restore" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from restore" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from restore" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from restore" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from restore" -l no-grants -d 'Leave out who may do what, for an archive with roles from elsewhere'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from restore" -l purge -d 'Drop what was replaced for good instead of keeping it'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from restore" -l password-stdin -d 'Read the password from stdin: one line (a terminal is asked)'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from restore" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from restore" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from restore" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from restore" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from restore" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from restore" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from restore" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from delete" -l cluster -d 'The cluster it is on, where several have one of this name' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from delete" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from delete" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from delete" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from delete" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from delete" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from delete" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from delete" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from delete" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from delete" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from delete" -l purge -d 'Delete for good, at once; nothing is kept that could be brought back'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from delete" -l if-exists -d 'Succeed, changing nothing, where it does not exist'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from delete" -l forget -d 'Take out of the inventory what is gone, or what somebody else\'s has taken the place of; nothing else is touched'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from delete" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from delete" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from delete" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from help" -f -a "create" -d 'Create a database, its owner and a role that logs in'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from help" -f -a "list" -d 'List databases'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show one database and where its clients find it'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from help" -f -a "passwd" -d 'Set another password for the role of a database'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from help" -f -a "set" -d 'Set limits, extensions or the quota of a database'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from help" -f -a "suspend" -d 'Suspend a database: nobody logs in, nothing in it is touched'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from help" -f -a "resume" -d 'Let the role of a suspended database log in again'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from help" -f -a "backup" -d 'Write a database to an archive'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from help" -f -a "backups" -d 'List archives that were written'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from help" -f -a "restore" -d 'Restore a database from an archive'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Delete a database, its roles and all that is in it'
complete -c hostctl -n "__fish_hostctl_using_subcommand db; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and not __fish_seen_subcommand_from domain box alias home dkim config help" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and not __fish_seen_subcommand_from domain box alias home dkim config help" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and not __fish_seen_subcommand_from domain box alias home dkim config help" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and not __fish_seen_subcommand_from domain box alias home dkim config help" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and not __fish_seen_subcommand_from domain box alias home dkim config help" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and not __fish_seen_subcommand_from domain box alias home dkim config help" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and not __fish_seen_subcommand_from domain box alias home dkim config help" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and not __fish_seen_subcommand_from domain box alias home dkim config help" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and not __fish_seen_subcommand_from domain box alias home dkim config help" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and not __fish_seen_subcommand_from domain box alias home dkim config help" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and not __fish_seen_subcommand_from domain box alias home dkim config help" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and not __fish_seen_subcommand_from domain box alias home dkim config help" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and not __fish_seen_subcommand_from domain box alias home dkim config help" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and not __fish_seen_subcommand_from domain box alias home dkim config help" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and not __fish_seen_subcommand_from domain box alias home dkim config help" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and not __fish_seen_subcommand_from domain box alias home dkim config help" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and not __fish_seen_subcommand_from domain box alias home dkim config help" -f -a "domain" -d 'Domains that take mail'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and not __fish_seen_subcommand_from domain box alias home dkim config help" -f -a "box" -d 'Mail boxes'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and not __fish_seen_subcommand_from domain box alias home dkim config help" -f -a "alias" -d 'Aliases: mail for one address goes to others'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and not __fish_seen_subcommand_from domain box alias home dkim config help" -f -a "home" -d 'Directories that deleted boxes have left'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and not __fish_seen_subcommand_from domain box alias home dkim config help" -f -a "dkim" -d 'The keys that sign a domain\'s mail'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and not __fish_seen_subcommand_from domain box alias home dkim config help" -f -a "config" -d 'Configuration for mail servers'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and not __fish_seen_subcommand_from domain box alias home dkim config help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from domain" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from domain" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from domain" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from domain" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from domain" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from domain" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from domain" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from domain" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from domain" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from domain" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from domain" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from domain" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from domain" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from domain" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from domain" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from domain" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from domain" -f -a "create" -d 'Make a domain take mail, with a key that signs what it sends'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from domain" -f -a "list" -d 'List the domains that take mail'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from domain" -f -a "show" -d 'Show one domain and the DNS records it needs'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from domain" -f -a "suspend" -d 'Let nobody log in to the boxes of a domain, and put its mail off'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from domain" -f -a "resume" -d 'Let a suspended domain work again'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from domain" -f -a "delete" -d 'Make a domain take mail no more'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from domain" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from box" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from box" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from box" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from box" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from box" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from box" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from box" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from box" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from box" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from box" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from box" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from box" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from box" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from box" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from box" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from box" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from box" -f -a "create" -d 'Create a mail box'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from box" -f -a "list" -d 'List mail boxes'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from box" -f -a "show" -d 'Show one mail box'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from box" -f -a "passwd" -d 'Set another password for a mail box'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from box" -f -a "set" -d 'Give a mail box another quota'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from box" -f -a "suspend" -d 'Let nobody log in to a mail box, and put its mail off'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from box" -f -a "resume" -d 'Let a suspended mail box work again'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from box" -f -a "delete" -d 'Delete a mail box; its mail stays where it is'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from box" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from alias" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from alias" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from alias" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from alias" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from alias" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from alias" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from alias" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from alias" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from alias" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from alias" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from alias" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from alias" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from alias" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from alias" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from alias" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from alias" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from alias" -f -a "create" -d 'Send mail for an address, or for a whole domain, to others'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from alias" -f -a "list" -d 'List aliases'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from alias" -f -a "show" -d 'Show one alias'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from alias" -f -a "set" -d 'Give an alias other destinations'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from alias" -f -a "delete" -d 'Delete an alias'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from alias" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from home" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from home" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from home" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from home" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from home" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from home" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from home" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from home" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from home" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from home" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from home" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from home" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from home" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from home" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from home" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from home" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from home" -f -a "list" -d 'Lists the directories that deleted boxes have left'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from home" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from dkim" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from dkim" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from dkim" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from dkim" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from dkim" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from dkim" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from dkim" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from dkim" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from dkim" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from dkim" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from dkim" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from dkim" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from dkim" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from dkim" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from dkim" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from dkim" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from dkim" -f -a "show" -d 'Show the keys of a domain and the DNS records that belong to them'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from dkim" -f -a "rotate" -d 'Sign with a new key: publish it, see it on every name server, switch; the old one leaves DNS a week later'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from dkim" -f -a "retire" -d 'Take a key that signs no more out of DNS: before its week is over, or after that was undone'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from dkim" -f -a "write" -d 'Write the private keys and OpenDKIM\'s tables into a directory, on a host that signs'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from dkim" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from config" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from config" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from config" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from config" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from config" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from config" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from config" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from config" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from config" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from config" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from config" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from config" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from config" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from config" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from config" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from config" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from config" -f -a "dovecot" -d 'Print what Dovecot needs to read its users from the control database'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from config" -f -a "postfix" -d 'Print what Postfix needs to take mail for the domains, and to let their users send'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from config" -f -a "opendkim" -d 'Print what OpenDKIM needs to sign what they send'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from config" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from help" -f -a "domain" -d 'Domains that take mail'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from help" -f -a "box" -d 'Mail boxes'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from help" -f -a "alias" -d 'Aliases: mail for one address goes to others'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from help" -f -a "home" -d 'Directories that deleted boxes have left'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from help" -f -a "dkim" -d 'The keys that sign a domain\'s mail'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from help" -f -a "config" -d 'Configuration for mail servers'
complete -c hostctl -n "__fish_hostctl_using_subcommand mail; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and not __fish_seen_subcommand_from issue renew import list show status export set place deploy check revoke delete help" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and not __fish_seen_subcommand_from issue renew import list show status export set place deploy check revoke delete help" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and not __fish_seen_subcommand_from issue renew import list show status export set place deploy check revoke delete help" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and not __fish_seen_subcommand_from issue renew import list show status export set place deploy check revoke delete help" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and not __fish_seen_subcommand_from issue renew import list show status export set place deploy check revoke delete help" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and not __fish_seen_subcommand_from issue renew import list show status export set place deploy check revoke delete help" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and not __fish_seen_subcommand_from issue renew import list show status export set place deploy check revoke delete help" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and not __fish_seen_subcommand_from issue renew import list show status export set place deploy check revoke delete help" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and not __fish_seen_subcommand_from issue renew import list show status export set place deploy check revoke delete help" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and not __fish_seen_subcommand_from issue renew import list show status export set place deploy check revoke delete help" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and not __fish_seen_subcommand_from issue renew import list show status export set place deploy check revoke delete help" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and not __fish_seen_subcommand_from issue renew import list show status export set place deploy check revoke delete help" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and not __fish_seen_subcommand_from issue renew import list show status export set place deploy check revoke delete help" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and not __fish_seen_subcommand_from issue renew import list show status export set place deploy check revoke delete help" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and not __fish_seen_subcommand_from issue renew import list show status export set place deploy check revoke delete help" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and not __fish_seen_subcommand_from issue renew import list show status export set place deploy check revoke delete help" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and not __fish_seen_subcommand_from issue renew import list show status export set place deploy check revoke delete help" -f -a "issue" -d 'Get a certificate from an authority'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and not __fish_seen_subcommand_from issue renew import list show status export set place deploy check revoke delete help" -f -a "renew" -d 'Renew what is due, and bring it to this host; for cron, says nothing where nothing is due, 10 where something failed or has waited too long'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and not __fish_seen_subcommand_from issue renew import list show status export set place deploy check revoke delete help" -f -a "import" -d 'Take certificates and keys that certbot, lego or files hold'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and not __fish_seen_subcommand_from issue renew import list show status export set place deploy check revoke delete help" -f -a "list" -d 'List certificates'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and not __fish_seen_subcommand_from issue renew import list show status export set place deploy check revoke delete help" -f -a "show" -d 'Show one certificate'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and not __fish_seen_subcommand_from issue renew import list show status export set place deploy check revoke delete help" -f -a "status" -d 'Show how each certificate stands on each host: what is next, when, and why'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and not __fish_seen_subcommand_from issue renew import list show status export set place deploy check revoke delete help" -f -a "export" -d 'Write a certificate, or a part of it, in PEM or PKCS#12'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and not __fish_seen_subcommand_from issue renew import list show status export set place deploy check revoke delete help" -f -a "set" -d 'Change the hook, the probe or the key of a certificate'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and not __fish_seen_subcommand_from issue renew import list show status export set place deploy check revoke delete help" -f -a "place" -d 'Say on which hosts a certificate is to lie'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and not __fish_seen_subcommand_from issue renew import list show status export set place deploy check revoke delete help" -f -a "deploy" -d 'Bring certificates that are placed on this host to this host'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and not __fish_seen_subcommand_from issue renew import list show status export set place deploy check revoke delete help" -f -a "check" -d 'Look at a port as a client would: what it shows, and for how long; needs no control database'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and not __fish_seen_subcommand_from issue renew import list show status export set place deploy check revoke delete help" -f -a "revoke" -d 'Have an authority revoke a certificate; the next renewal replaces it'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and not __fish_seen_subcommand_from issue renew import list show status export set place deploy check revoke delete help" -f -a "delete" -d 'Delete a certificate; what lies on hosts stays there'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and not __fish_seen_subcommand_from issue renew import list show status export set place deploy check revoke delete help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from issue" -l name -d 'By what it is called instead; its directory bears this name' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from issue" -l challenge -d 'How the names are proved: http-01, dns-01 or tls-alpn-01 [default: dns-01 with a wildcard, else http-01]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from issue" -l ca -d 'The authority [acme.NAME]; several are tried in turn' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from issue" -l key-type -d 'The kind of key: p256, p384, rsa2048 or rsa4096' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from issue" -l csr -d 'Your own request in a file, PEM or DER; its key stays with you' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from issue" -l profile -d 'The profile of the authority' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from issue" -l preferred-chain -d 'The common name of the root that the chain should lead to' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from issue" -l webroot -d 'Where a web server serves files, for http-01 [default: `certificate.webroot`, else our own listener]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from issue" -l on -d 'The host on which it is to lie, instead of this one; may be repeated' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from issue" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from issue" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from issue" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from issue" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from issue" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from issue" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from issue" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from issue" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from issue" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from issue" -l reuse-key -d 'Keep the key when it is renewed'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from issue" -l if-not-exists -d 'Succeed, changing nothing, where the account has it already'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from issue" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from issue" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from issue" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from issue" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from issue" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from issue" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from issue" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from renew" -s j -l jobs -d 'How many at once; those that wait for DNS or for the authority do not count' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from renew" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from renew" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from renew" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from renew" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from renew" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from renew" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from renew" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from renew" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from renew" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from renew" -l force -d 'Also what is not due yet'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from renew" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from renew" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from renew" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from renew" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from renew" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from renew" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from renew" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from import" -l key -d 'The private key of a single file, where it stands neither in it nor beside it as NAME.key' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from import" -l name -d 'What a single certificate is to be called; default: the first of its names' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from import" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from import" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from import" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from import" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from import" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from import" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from import" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from import" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from import" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from import" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from import" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from import" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from import" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from import" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from import" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from list" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from list" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from list" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from list" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from list" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from list" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from list" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from list" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from list" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from list" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from list" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from show" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from show" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from show" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from show" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from show" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from show" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from show" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from show" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from show" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from show" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from show" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from status" -l host -d 'Only on this host' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from status" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from status" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from status" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from status" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from status" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from status" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from status" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from status" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from status" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from status" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from status" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from status" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from status" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from export" -l part -d 'Print this part in PEM: cert, chain, fullchain, privkey or combined' -r -f -a "cert\t''
chain\t''
fullchain\t''
privkey\t''
combined\t''"
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from export" -l pkcs12 -d 'Write chain and key as PKCS#12 into this new file (0600), for Java and Windows' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from export" -l password-file -d 'The password of the PKCS#12 file, from a file that nobody else may read' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from export" -l directory -d 'Write all parts into this directory, as new files (0600)' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from export" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from export" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from export" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from export" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from export" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from export" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from export" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from export" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from export" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from export" -l password-stdin -d 'The password of the PKCS#12 file, from stdin: one line (a terminal is asked)'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from export" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from export" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from export" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from export" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from set" -l deploy-hook -d 'What is run after a deployment: a program and its arguments as a JSON array, `none`, or `default` for what the host\'s configuration says' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from set" -l probe -d 'Which port is asked after a deployment, HOST:PORT as the host reaches it (for mail servers with `starttls+smtp://` or `starttls+imap://` before it), or `none`' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from set" -l key-type -d 'The kind of key of the next one' -r -f -a "p256\t''
p384\t''
rsa2048\t''
rsa4096\t''"
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from set" -l reuse-key -d 'Whether a renewal keeps the key' -r -f -a "true\t''
false\t''"
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from set" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from set" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from set" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from set" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from set" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from set" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from set" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from set" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from set" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from set" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from set" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from set" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from set" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from place" -l on -d 'Have this host fetch it, by its `host.name`; without --on and --off: this host' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from place" -l off -d 'Have this host fetch it no more; what hostctl put there goes with its next tick' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from place" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from place" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from place" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from place" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from place" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from place" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from place" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from place" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from place" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from place" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from place" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from place" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from place" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from place" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from place" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from place" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from deploy" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from deploy" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from deploy" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from deploy" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from deploy" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from deploy" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from deploy" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from deploy" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from deploy" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from deploy" -l pending -d 'Whatever waits for this host, as far as it is time to try; what it was taken off is removed'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from deploy" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from deploy" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from deploy" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from deploy" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from deploy" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from deploy" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from deploy" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from check" -l name -d 'The name to ask for and to verify; default: the host' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from check" -l warn -d 'Warn where less is left' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from check" -l crit -d 'Critical where less is left' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from check" -l ca-file -d 'Trust the roots in this file (PEM) instead of the system\'s' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from check" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from check" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from check" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from check" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from check" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from check" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from check" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from check" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from check" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from check" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from check" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from check" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from check" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l generation -d 'The generation [default: the one that is served]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l ca -d 'The authority [acme.NAME] that issued it [default: the one at which it was ordered]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from revoke" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from revoke" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l no-renew -d 'Have no other one take its place'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from revoke" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from revoke" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from revoke" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from revoke" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from revoke" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from delete" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from delete" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from delete" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from delete" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from delete" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from delete" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from delete" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from delete" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from delete" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from delete" -l with-places -d 'Also where it is placed on hosts; the files stay there, and are renewed no more'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from delete" -l revoke -d 'Have its authority revoke it before; --reason is then one of the words of `cert revoke`'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from delete" -l purge -d 'Delete for good, at once; nothing is kept that could be brought back'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from delete" -l if-exists -d 'Succeed, changing nothing, where it does not exist'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from delete" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from delete" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from delete" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "issue" -d 'Get a certificate from an authority'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "renew" -d 'Renew what is due, and bring it to this host; for cron, says nothing where nothing is due, 10 where something failed or has waited too long'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "import" -d 'Take certificates and keys that certbot, lego or files hold'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "list" -d 'List certificates'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show one certificate'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show how each certificate stands on each host: what is next, when, and why'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "export" -d 'Write a certificate, or a part of it, in PEM or PKCS#12'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "set" -d 'Change the hook, the probe or the key of a certificate'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "place" -d 'Say on which hosts a certificate is to lie'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "deploy" -d 'Bring certificates that are placed on this host to this host'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "check" -d 'Look at a port as a client would: what it shows, and for how long; needs no control database'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "revoke" -d 'Have an authority revoke a certificate; the next renewal replaces it'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Delete a certificate; what lies on hosts stays there'
complete -c hostctl -n "__fish_hostctl_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand setup" -l answers -d 'Read the answers from a file that nobody else may read, and ask nothing' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand setup" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand setup" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand setup" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand setup" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand setup" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand setup" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand setup" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand setup" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand setup" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand setup" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand setup" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand setup" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand setup" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand setup" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand setup" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand setup" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and not __fish_seen_subcommand_from init migrate status help" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and not __fish_seen_subcommand_from init migrate status help" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and not __fish_seen_subcommand_from init migrate status help" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and not __fish_seen_subcommand_from init migrate status help" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and not __fish_seen_subcommand_from init migrate status help" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and not __fish_seen_subcommand_from init migrate status help" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and not __fish_seen_subcommand_from init migrate status help" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and not __fish_seen_subcommand_from init migrate status help" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and not __fish_seen_subcommand_from init migrate status help" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and not __fish_seen_subcommand_from init migrate status help" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and not __fish_seen_subcommand_from init migrate status help" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and not __fish_seen_subcommand_from init migrate status help" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and not __fish_seen_subcommand_from init migrate status help" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and not __fish_seen_subcommand_from init migrate status help" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and not __fish_seen_subcommand_from init migrate status help" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and not __fish_seen_subcommand_from init migrate status help" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and not __fish_seen_subcommand_from init migrate status help" -f -a "init" -d 'Make roles and schema, or bring them up to date'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and not __fish_seen_subcommand_from init migrate status help" -f -a "migrate" -d 'Bring the schema up to date'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and not __fish_seen_subcommand_from init migrate status help" -f -a "status" -d 'Show which version the schema has, and which this program needs'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and not __fish_seen_subcommand_from init migrate status help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from init" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from init" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from init" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from init" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from init" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from init" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from init" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from init" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from init" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from init" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from init" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from init" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from init" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from init" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from init" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from init" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from migrate" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from migrate" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from migrate" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from migrate" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from migrate" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from migrate" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from migrate" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from migrate" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from migrate" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from migrate" -l check -d 'Only say whether it is up to date (exit 5 where not)'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from migrate" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from migrate" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from migrate" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from migrate" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from migrate" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from migrate" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from migrate" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from status" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from status" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from status" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from status" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from status" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from status" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from status" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from status" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from status" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from status" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from status" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from status" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from status" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from help" -f -a "init" -d 'Make roles and schema, or bring them up to date'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from help" -f -a "migrate" -d 'Bring the schema up to date'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show which version the schema has, and which this program needs'
complete -c hostctl -n "__fish_hostctl_using_subcommand schema; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and not __fish_seen_subcommand_from init check help" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and not __fish_seen_subcommand_from init check help" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and not __fish_seen_subcommand_from init check help" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and not __fish_seen_subcommand_from init check help" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and not __fish_seen_subcommand_from init check help" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and not __fish_seen_subcommand_from init check help" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and not __fish_seen_subcommand_from init check help" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and not __fish_seen_subcommand_from init check help" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and not __fish_seen_subcommand_from init check help" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and not __fish_seen_subcommand_from init check help" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and not __fish_seen_subcommand_from init check help" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and not __fish_seen_subcommand_from init check help" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and not __fish_seen_subcommand_from init check help" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and not __fish_seen_subcommand_from init check help" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and not __fish_seen_subcommand_from init check help" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and not __fish_seen_subcommand_from init check help" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and not __fish_seen_subcommand_from init check help" -f -a "init" -d 'Make a key ring with one key; needs no control database'
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and not __fish_seen_subcommand_from init check help" -f -a "check" -d 'Open every sealed secret (exit 5 where one does not open)'
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and not __fish_seen_subcommand_from init check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from init" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from init" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from init" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from init" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from init" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from init" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from init" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from init" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from init" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from init" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from init" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from init" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from init" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from init" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from init" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from init" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from check" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from check" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from check" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from check" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from check" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from check" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from check" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from check" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from check" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from check" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from check" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from check" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from check" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from help" -f -a "init" -d 'Make a key ring with one key; needs no control database'
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from help" -f -a "check" -d 'Open every sealed secret (exit 5 where one does not open)'
complete -c hostctl -n "__fish_hostctl_using_subcommand keyring; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and not __fish_seen_subcommand_from zone record lookup help" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and not __fish_seen_subcommand_from zone record lookup help" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and not __fish_seen_subcommand_from zone record lookup help" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and not __fish_seen_subcommand_from zone record lookup help" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and not __fish_seen_subcommand_from zone record lookup help" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and not __fish_seen_subcommand_from zone record lookup help" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and not __fish_seen_subcommand_from zone record lookup help" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and not __fish_seen_subcommand_from zone record lookup help" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and not __fish_seen_subcommand_from zone record lookup help" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and not __fish_seen_subcommand_from zone record lookup help" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and not __fish_seen_subcommand_from zone record lookup help" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and not __fish_seen_subcommand_from zone record lookup help" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and not __fish_seen_subcommand_from zone record lookup help" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and not __fish_seen_subcommand_from zone record lookup help" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and not __fish_seen_subcommand_from zone record lookup help" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and not __fish_seen_subcommand_from zone record lookup help" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and not __fish_seen_subcommand_from zone record lookup help" -f -a "zone" -d 'Zones at the DNS providers'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and not __fish_seen_subcommand_from zone record lookup help" -f -a "record" -d 'Records of a zone'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and not __fish_seen_subcommand_from zone record lookup help" -f -a "lookup" -d 'Ask DNS; needs no control database'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and not __fish_seen_subcommand_from zone record lookup help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from zone" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from zone" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from zone" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from zone" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from zone" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from zone" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from zone" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from zone" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from zone" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from zone" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from zone" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from zone" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from zone" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from zone" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from zone" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from zone" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from zone" -f -a "create" -d 'Create a zone with its SOA and NS records'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from zone" -f -a "list" -d 'List zones'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from zone" -f -a "show" -d 'Show one zone'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from zone" -f -a "export" -d 'Print a zone as a master file'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from zone" -f -a "import" -d 'Make the records of a zone those of a master file, all of it or nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from zone" -f -a "diff" -d 'Compare a zone with a master file; exits 5 where they differ'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from zone" -f -a "delete" -d 'Delete a zone with all its records'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from zone" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from record" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from record" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from record" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from record" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from record" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from record" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from record" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from record" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from record" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from record" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from record" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from record" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from record" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from record" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from record" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from record" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from record" -f -a "add" -d 'Add values to the records of a name and type'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from record" -f -a "set" -d 'Make the records of a name and type exactly these'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from record" -f -a "delete" -d 'Delete values, or all records of a name and type'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from record" -f -a "list" -d 'List the records of a zone'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from record" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from lookup" -l server -d 'The server to ask, instead of the resolver that is configured' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from lookup" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from lookup" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from lookup" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from lookup" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from lookup" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from lookup" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from lookup" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from lookup" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from lookup" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from lookup" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from lookup" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from lookup" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from lookup" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from lookup" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from lookup" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from lookup" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from help" -f -a "zone" -d 'Zones at the DNS providers'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from help" -f -a "record" -d 'Records of a zone'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from help" -f -a "lookup" -d 'Ask DNS; needs no control database'
complete -c hostctl -n "__fish_hostctl_using_subcommand dns; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and not __fish_seen_subcommand_from add verify list show delete help" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and not __fish_seen_subcommand_from add verify list show delete help" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and not __fish_seen_subcommand_from add verify list show delete help" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and not __fish_seen_subcommand_from add verify list show delete help" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and not __fish_seen_subcommand_from add verify list show delete help" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and not __fish_seen_subcommand_from add verify list show delete help" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and not __fish_seen_subcommand_from add verify list show delete help" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and not __fish_seen_subcommand_from add verify list show delete help" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and not __fish_seen_subcommand_from add verify list show delete help" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and not __fish_seen_subcommand_from add verify list show delete help" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and not __fish_seen_subcommand_from add verify list show delete help" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and not __fish_seen_subcommand_from add verify list show delete help" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and not __fish_seen_subcommand_from add verify list show delete help" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and not __fish_seen_subcommand_from add verify list show delete help" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and not __fish_seen_subcommand_from add verify list show delete help" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and not __fish_seen_subcommand_from add verify list show delete help" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and not __fish_seen_subcommand_from add verify list show delete help" -f -a "add" -d 'Say what to publish to prove that a domain is one\'s own'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and not __fish_seen_subcommand_from add verify list show delete help" -f -a "verify" -d 'Look whether it was published, at every server that speaks for the domain'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and not __fish_seen_subcommand_from add verify list show delete help" -f -a "list" -d 'List the domains, proven or not'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and not __fish_seen_subcommand_from add verify list show delete help" -f -a "show" -d 'Show one domain: what to publish, and what was seen'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and not __fish_seen_subcommand_from add verify list show delete help" -f -a "delete" -d 'Forget a domain, and what it has proven'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and not __fish_seen_subcommand_from add verify list show delete help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from add" -l scope -d 'What is to be proven: `host`, the name alone, or `domain`, everything below it too' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from add" -l method -d 'How: by a `txt` record, by a `cname` record, or by a page over `http`' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from add" -l routes-to -d 'Where the domain is to lead once it is in use' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from add" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from add" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from add" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from add" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from add" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from add" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from add" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from add" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from add" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from add" -l if-not-exists -d 'Succeed, changing nothing, where the account has a token for it that is still good'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from add" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from add" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from add" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from add" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -l file -d 'A file with one domain a line; - is stdin' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -l poll -d 'Look again and again for so long, until all are verified' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from list" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from list" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from list" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from list" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from list" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from list" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from list" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from list" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from list" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from list" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from list" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from show" -l scope -d 'Which, where there are both: `host` or `domain`' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from show" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from show" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from show" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from show" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from show" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from show" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from show" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from show" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from show" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from show" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from show" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from delete" -l scope -d 'Which, where there are both: `host` or `domain`' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from delete" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from delete" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from delete" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from delete" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from delete" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from delete" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from delete" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from delete" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from delete" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from delete" -l purge -d 'Delete for good, at once; nothing is kept that could be brought back'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from delete" -l if-exists -d 'Succeed, changing nothing, where it does not exist'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from delete" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from delete" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from delete" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from help" -f -a "add" -d 'Say what to publish to prove that a domain is one\'s own'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from help" -f -a "verify" -d 'Look whether it was published, at every server that speaks for the domain'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the domains, proven or not'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show one domain: what to publish, and what was seen'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Forget a domain, and what it has proven'
complete -c hostctl -n "__fish_hostctl_using_subcommand domain; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and not __fish_seen_subcommand_from register show limits rollover deactivate help" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and not __fish_seen_subcommand_from register show limits rollover deactivate help" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and not __fish_seen_subcommand_from register show limits rollover deactivate help" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and not __fish_seen_subcommand_from register show limits rollover deactivate help" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and not __fish_seen_subcommand_from register show limits rollover deactivate help" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and not __fish_seen_subcommand_from register show limits rollover deactivate help" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and not __fish_seen_subcommand_from register show limits rollover deactivate help" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and not __fish_seen_subcommand_from register show limits rollover deactivate help" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and not __fish_seen_subcommand_from register show limits rollover deactivate help" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and not __fish_seen_subcommand_from register show limits rollover deactivate help" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and not __fish_seen_subcommand_from register show limits rollover deactivate help" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and not __fish_seen_subcommand_from register show limits rollover deactivate help" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and not __fish_seen_subcommand_from register show limits rollover deactivate help" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and not __fish_seen_subcommand_from register show limits rollover deactivate help" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and not __fish_seen_subcommand_from register show limits rollover deactivate help" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and not __fish_seen_subcommand_from register show limits rollover deactivate help" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and not __fish_seen_subcommand_from register show limits rollover deactivate help" -f -a "register" -d 'Make an account, or tell the authority other contacts'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and not __fish_seen_subcommand_from register show limits rollover deactivate help" -f -a "show" -d 'Show the account at an authority, as the authority sees it; without a name, all accounts'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and not __fish_seen_subcommand_from register show limits rollover deactivate help" -f -a "limits" -d 'Show what counts against the limits of authorities, and which of them want to be left alone'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and not __fish_seen_subcommand_from register show limits rollover deactivate help" -f -a "rollover" -d 'Give an account another key'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and not __fish_seen_subcommand_from register show limits rollover deactivate help" -f -a "deactivate" -d 'End an account, for good'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and not __fish_seen_subcommand_from register show limits rollover deactivate help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from register" -l contact -d 'How the authority reaches us, instead of what is configured; may be repeated' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from register" -l eab-kid -d 'The identifier of the account that it is bound to, as the authority gave it out' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from register" -l eab-key-file -d 'The file with the key that belongs to it, in base64url' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from register" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from register" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from register" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from register" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from register" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from register" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from register" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from register" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from register" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from register" -l agree-tos -d 'Agree to the terms of the authority'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from register" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from register" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from register" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from register" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from register" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from register" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from register" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from show" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from show" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from show" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from show" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from show" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from show" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from show" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from show" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from show" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from show" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from show" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from limits" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from limits" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from limits" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from limits" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from limits" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from limits" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from limits" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from limits" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from limits" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from limits" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from limits" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from limits" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from limits" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from limits" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from limits" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from limits" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from rollover" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from rollover" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from rollover" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from rollover" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from rollover" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from rollover" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from rollover" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from rollover" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from rollover" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from rollover" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from rollover" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from rollover" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from rollover" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from rollover" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from rollover" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from rollover" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from deactivate" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from deactivate" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from deactivate" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from deactivate" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from deactivate" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from deactivate" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from deactivate" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from deactivate" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from deactivate" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from deactivate" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from deactivate" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from deactivate" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from deactivate" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from deactivate" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from deactivate" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from deactivate" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "register" -d 'Make an account, or tell the authority other contacts'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show the account at an authority, as the authority sees it; without a name, all accounts'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "limits" -d 'Show what counts against the limits of authorities, and which of them want to be left alone'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "rollover" -d 'Give an account another key'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "deactivate" -d 'End an account, for good'
complete -c hostctl -n "__fish_hostctl_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and not __fish_seen_subcommand_from query help" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and not __fish_seen_subcommand_from query help" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and not __fish_seen_subcommand_from query help" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and not __fish_seen_subcommand_from query help" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and not __fish_seen_subcommand_from query help" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and not __fish_seen_subcommand_from query help" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and not __fish_seen_subcommand_from query help" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and not __fish_seen_subcommand_from query help" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and not __fish_seen_subcommand_from query help" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and not __fish_seen_subcommand_from query help" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and not __fish_seen_subcommand_from query help" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and not __fish_seen_subcommand_from query help" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and not __fish_seen_subcommand_from query help" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and not __fish_seen_subcommand_from query help" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and not __fish_seen_subcommand_from query help" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and not __fish_seen_subcommand_from query help" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and not __fish_seen_subcommand_from query help" -f -a "query" -d 'List what was done, oldest first'
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and not __fish_seen_subcommand_from query help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and __fish_seen_subcommand_from query" -l since -d 'Not before: a duration such as 2h or 7d counts back from now, else today, yesterday, a date (UTC) or RFC 3339' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and __fish_seen_subcommand_from query" -l until -d 'Before: as --since' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and __fish_seen_subcommand_from query" -l actor -d 'By whom; * stands for anything, as in \'root@*\'' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and __fish_seen_subcommand_from query" -l action -d 'What was done; * stands for anything, as in \'db.*\'' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and __fish_seen_subcommand_from query" -l target -d 'To what it was done; * stands for anything' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and __fish_seen_subcommand_from query" -l outcome -d 'How it ended' -r -f -a "attempt\t''
success\t''
failure\t''
refused\t''
rolled_back\t''
stuck\t''"
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and __fish_seen_subcommand_from query" -l limit -d 'At most so many, the newest' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and __fish_seen_subcommand_from query" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and __fish_seen_subcommand_from query" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and __fish_seen_subcommand_from query" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and __fish_seen_subcommand_from query" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and __fish_seen_subcommand_from query" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and __fish_seen_subcommand_from query" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and __fish_seen_subcommand_from query" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and __fish_seen_subcommand_from query" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and __fish_seen_subcommand_from query" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and __fish_seen_subcommand_from query" -l all -d 'All of them'
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and __fish_seen_subcommand_from query" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and __fish_seen_subcommand_from query" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and __fish_seen_subcommand_from query" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and __fish_seen_subcommand_from query" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and __fish_seen_subcommand_from query" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and __fish_seen_subcommand_from query" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and __fish_seen_subcommand_from query" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "query" -d 'List what was done, oldest first'
complete -c hostctl -n "__fish_hostctl_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand doctor" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand doctor" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand doctor" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand doctor" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand doctor" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand doctor" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand doctor" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand doctor" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand doctor" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand doctor" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand doctor" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand doctor" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand doctor" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand doctor" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand doctor" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand doctor" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand tick" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand tick" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand tick" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand tick" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand tick" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand tick" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand tick" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand tick" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand tick" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand tick" -l list -d 'Show each task, when it ran last and when it is due, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand tick" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand tick" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand tick" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand tick" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand tick" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand tick" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand tick" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and not __fish_seen_subcommand_from list show watch recover undo trash retry accept abandon reconcile help" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and not __fish_seen_subcommand_from list show watch recover undo trash retry accept abandon reconcile help" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and not __fish_seen_subcommand_from list show watch recover undo trash retry accept abandon reconcile help" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and not __fish_seen_subcommand_from list show watch recover undo trash retry accept abandon reconcile help" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and not __fish_seen_subcommand_from list show watch recover undo trash retry accept abandon reconcile help" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and not __fish_seen_subcommand_from list show watch recover undo trash retry accept abandon reconcile help" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and not __fish_seen_subcommand_from list show watch recover undo trash retry accept abandon reconcile help" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and not __fish_seen_subcommand_from list show watch recover undo trash retry accept abandon reconcile help" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and not __fish_seen_subcommand_from list show watch recover undo trash retry accept abandon reconcile help" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and not __fish_seen_subcommand_from list show watch recover undo trash retry accept abandon reconcile help" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and not __fish_seen_subcommand_from list show watch recover undo trash retry accept abandon reconcile help" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and not __fish_seen_subcommand_from list show watch recover undo trash retry accept abandon reconcile help" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and not __fish_seen_subcommand_from list show watch recover undo trash retry accept abandon reconcile help" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and not __fish_seen_subcommand_from list show watch recover undo trash retry accept abandon reconcile help" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and not __fish_seen_subcommand_from list show watch recover undo trash retry accept abandon reconcile help" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and not __fish_seen_subcommand_from list show watch recover undo trash retry accept abandon reconcile help" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and not __fish_seen_subcommand_from list show watch recover undo trash retry accept abandon reconcile help" -f -a "list" -d 'List operations, oldest first'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and not __fish_seen_subcommand_from list show watch recover undo trash retry accept abandon reconcile help" -f -a "show" -d 'Show an operation and each of its steps'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and not __fish_seen_subcommand_from list show watch recover undo trash retry accept abandon reconcile help" -f -a "watch" -d 'Follow an operation until it ends'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and not __fish_seen_subcommand_from list show watch recover undo trash retry accept abandon reconcile help" -f -a "recover" -d 'End what dead processes left: take it back, or finish it after its point of no return'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and not __fish_seen_subcommand_from list show watch recover undo trash retry accept abandon reconcile help" -f -a "undo" -d 'Undo a finished operation, where everything is still as it left it'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and not __fish_seen_subcommand_from list show watch recover undo trash retry accept abandon reconcile help" -f -a "trash" -d 'What was deleted and can still be brought back'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and not __fish_seen_subcommand_from list show watch recover undo trash retry accept abandon reconcile help" -f -a "retry" -d 'Try again to take back what is stuck'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and not __fish_seen_subcommand_from list show watch recover undo trash retry accept abandon reconcile help" -f -a "accept" -d 'Accept one step of a stuck operation as it is: its claim is freed'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and not __fish_seen_subcommand_from list show watch recover undo trash retry accept abandon reconcile help" -f -a "abandon" -d 'Give up an operation that is stuck or kept: what remains of it stays, its claims are freed'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and not __fish_seen_subcommand_from list show watch recover undo trash retry accept abandon reconcile help" -f -a "reconcile" -d 'Compare the world with the journal after a fail-over or a restore of the control database'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and not __fish_seen_subcommand_from list show watch recover undo trash retry accept abandon reconcile help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from list" -l limit -d 'At most so many, the newest' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from list" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from list" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from list" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from list" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from list" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from list" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from list" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from list" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from list" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from list" -l open -d 'Only those that are not over: running, unwinding or stuck'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from list" -l all -d 'All of them'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from list" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from list" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from show" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from show" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from show" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from show" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from show" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from show" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from show" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from show" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from show" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from show" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from show" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from watch" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from watch" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from watch" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from watch" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from watch" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from watch" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from watch" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from watch" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from watch" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from watch" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from watch" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from watch" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from watch" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from watch" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from watch" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from watch" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from recover" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from recover" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from recover" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from recover" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from recover" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from recover" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from recover" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from recover" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from recover" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from recover" -l resume -d 'Finish what was begun instead of taking it back'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from recover" -l fence -d 'End the database session of a holder that is alive but does not move'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from recover" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from recover" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from recover" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from recover" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from recover" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from recover" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from recover" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from undo" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from undo" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from undo" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from undo" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from undo" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from undo" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from undo" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from undo" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from undo" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from undo" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from undo" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from undo" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from undo" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from undo" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from undo" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from undo" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from trash" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from trash" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from trash" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from trash" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from trash" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from trash" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from trash" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from trash" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from trash" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from trash" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from trash" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from trash" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from trash" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from trash" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from trash" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from trash" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from trash" -f -a "list" -d 'List what was deleted and can still be brought back, oldest first'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from trash" -f -a "purge" -d 'Delete for good what lies in the trash'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from trash" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from retry" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from retry" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from retry" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from retry" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from retry" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from retry" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from retry" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from retry" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from retry" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from retry" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from retry" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from retry" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from retry" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from retry" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from retry" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from retry" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from accept" -l step -d 'The step that is stuck, by its number in `op show`' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from accept" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from accept" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from accept" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from accept" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from accept" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from accept" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from accept" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from accept" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from accept" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from accept" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from accept" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from accept" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from accept" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from accept" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from accept" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from accept" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from abandon" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from abandon" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from abandon" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from abandon" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from abandon" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from abandon" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from abandon" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from abandon" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from abandon" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from abandon" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from abandon" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from abandon" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from abandon" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from abandon" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from abandon" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from abandon" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from reconcile" -l adopt -d 'Make it ours again, for `--account`; several by giving it again, `all` for whatever is certainly ours' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from reconcile" -l remove -d 'Take it away; several by giving it again, `all` for whatever is certainly ours' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from reconcile" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from reconcile" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from reconcile" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from reconcile" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from reconcile" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from reconcile" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from reconcile" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from reconcile" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from reconcile" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from reconcile" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from reconcile" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from reconcile" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from reconcile" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from reconcile" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from reconcile" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from reconcile" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from help" -f -a "list" -d 'List operations, oldest first'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show an operation and each of its steps'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from help" -f -a "watch" -d 'Follow an operation until it ends'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from help" -f -a "recover" -d 'End what dead processes left: take it back, or finish it after its point of no return'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from help" -f -a "undo" -d 'Undo a finished operation, where everything is still as it left it'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from help" -f -a "trash" -d 'What was deleted and can still be brought back'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from help" -f -a "retry" -d 'Try again to take back what is stuck'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from help" -f -a "accept" -d 'Accept one step of a stuck operation as it is: its claim is freed'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from help" -f -a "abandon" -d 'Give up an operation that is stuck or kept: what remains of it stays, its claims are freed'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from help" -f -a "reconcile" -d 'Compare the world with the journal after a fail-over or a restore of the control database'
complete -c hostctl -n "__fish_hostctl_using_subcommand op; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -f -a "show" -d 'Show every setting; passwords inside URLs as ***'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -f -a "check" -d 'Check the configuration, and the programs of the operator\'s own steps'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -f -a "path" -d 'Print the path of the configuration file'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and not __fish_seen_subcommand_from show check path help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from show" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from show" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from show" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from show" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from show" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from show" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from show" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from show" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from show" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from show" -l origin -d 'Also say where each value came from'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from show" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from show" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from check" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from check" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from check" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from check" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from check" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from check" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from check" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from check" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from check" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from check" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from check" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from check" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from check" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from path" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from path" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from path" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from path" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from path" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from path" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from path" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from path" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from path" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from path" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from path" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from path" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from path" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from path" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from path" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from path" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show every setting; passwords inside URLs as ***'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "check" -d 'Check the configuration, and the programs of the operator\'s own steps'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "path" -d 'Print the path of the configuration file'
complete -c hostctl -n "__fish_hostctl_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand completions" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand completions" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand completions" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand completions" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand completions" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand completions" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand completions" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand completions" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand completions" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand completions" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand completions" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand completions" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand completions" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand completions" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand completions" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand completions" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand man" -s c -l config -d 'The configuration file [default: /etc/hostctl/hostctl.toml, else the user\'s]' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand man" -s o -l output -d 'How the answer is written: table, json, ndjson or csv' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand man" -l color -d 'When to colour: auto, always or never' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand man" -l reason -d 'Why, for the audit trail' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand man" -l account -d 'The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand man" -l lock-wait -d 'How long to wait for another operation on the same thing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand man" -l timeout -d 'The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand man" -l idempotency-key -d 'The same key and request a second time give the first result and do nothing' -r
complete -c hostctl -n "__fish_hostctl_using_subcommand man" -l secret-out -d 'Write new secrets to a new file (0600), a line each: kind, name, secret' -r -F
complete -c hostctl -n "__fish_hostctl_using_subcommand man" -s q -l quiet -d 'Only identifiers on lists, nothing else on stdout; no notes'
complete -c hostctl -n "__fish_hostctl_using_subcommand man" -s v -l verbose -d 'Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)'
complete -c hostctl -n "__fish_hostctl_using_subcommand man" -s n -l dry-run -d 'Show each step that would be done, after looking at the world, and do nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand man" -s y -l yes -d 'Answer yes to the question of a verb that destroys'
complete -c hostctl -n "__fish_hostctl_using_subcommand man" -l no-input -d 'Never ask; a question is an error'
complete -c hostctl -n "__fish_hostctl_using_subcommand man" -l show-secret -d 'Show a new secret on stdout also where that is no terminal'
complete -c hostctl -n "__fish_hostctl_using_subcommand man" -s h -l help -d 'Print help'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and not __fish_seen_subcommand_from account package site sandbox db mail cert setup schema keyring dns domain ca audit doctor tick op config completions man help" -f -a "account" -d 'Customers: each owns databases, mail, zones and sites'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and not __fish_seen_subcommand_from account package site sandbox db mail cert setup schema keyring dns domain ca audit doctor tick op config completions man help" -f -a "package" -d 'Limits of accounts: how many databases, boxes and zones each may have'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and not __fish_seen_subcommand_from account package site sandbox db mail cert setup schema keyring dns domain ca audit doctor tick op config completions man help" -f -a "site" -d 'Databases, mail, DNS and own steps of one domain, as one operation'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and not __fish_seen_subcommand_from account package site sandbox db mail cert setup schema keyring dns domain ca audit doctor tick op config completions man help" -f -a "sandbox" -d 'A private playground: PostgreSQL, DNS and mail on loopback'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and not __fish_seen_subcommand_from account package site sandbox db mail cert setup schema keyring dns domain ca audit doctor tick op config completions man help" -f -a "db" -d 'PostgreSQL databases of customers'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and not __fish_seen_subcommand_from account package site sandbox db mail cert setup schema keyring dns domain ca audit doctor tick op config completions man help" -f -a "mail" -d 'Domains that take mail, their boxes, and what mail servers need'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and not __fish_seen_subcommand_from account package site sandbox db mail cert setup schema keyring dns domain ca audit doctor tick op config completions man help" -f -a "cert" -d 'Certificates: where they come from, on which hosts they lie, and how they stand'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and not __fish_seen_subcommand_from account package site sandbox db mail cert setup schema keyring dns domain ca audit doctor tick op config completions man help" -f -a "setup" -d 'Ask what is needed, write the configuration, make roles, key ring and schema'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and not __fish_seen_subcommand_from account package site sandbox db mail cert setup schema keyring dns domain ca audit doctor tick op config completions man help" -f -a "schema" -d 'The schema of the control database'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and not __fish_seen_subcommand_from account package site sandbox db mail cert setup schema keyring dns domain ca audit doctor tick op config completions man help" -f -a "keyring" -d 'The keys that seal secrets at rest'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and not __fish_seen_subcommand_from account package site sandbox db mail cert setup schema keyring dns domain ca audit doctor tick op config completions man help" -f -a "dns" -d 'DNS: zones and records at the providers, and lookups'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and not __fish_seen_subcommand_from account package site sandbox db mail cert setup schema keyring dns domain ca audit doctor tick op config completions man help" -f -a "domain" -d 'Who owns which domain: what to publish, and whether it was seen'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and not __fish_seen_subcommand_from account package site sandbox db mail cert setup schema keyring dns domain ca audit doctor tick op config completions man help" -f -a "ca" -d 'Accounts at certificate authorities'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and not __fish_seen_subcommand_from account package site sandbox db mail cert setup schema keyring dns domain ca audit doctor tick op config completions man help" -f -a "audit" -d 'The audit trail: who did what'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and not __fish_seen_subcommand_from account package site sandbox db mail cert setup schema keyring dns domain ca audit doctor tick op config completions man help" -f -a "doctor" -d 'Look whether everything is as it has to be, and name what helps'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and not __fish_seen_subcommand_from account package site sandbox db mail cert setup schema keyring dns domain ca audit doctor tick op config completions man help" -f -a "tick" -d 'Run what is due: for cron, each minute, on any number of hosts'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and not __fish_seen_subcommand_from account package site sandbox db mail cert setup schema keyring dns domain ca audit doctor tick op config completions man help" -f -a "op" -d 'Operations: what is being done, what was done, and what a dead process left'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and not __fish_seen_subcommand_from account package site sandbox db mail cert setup schema keyring dns domain ca audit doctor tick op config completions man help" -f -a "config" -d 'The configuration'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and not __fish_seen_subcommand_from account package site sandbox db mail cert setup schema keyring dns domain ca audit doctor tick op config completions man help" -f -a "completions" -d 'Print the completions of a shell'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and not __fish_seen_subcommand_from account package site sandbox db mail cert setup schema keyring dns domain ca audit doctor tick op config completions man help" -f -a "man" -d 'Write the manual pages into a directory'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and not __fish_seen_subcommand_from account package site sandbox db mail cert setup schema keyring dns domain ca audit doctor tick op config completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from account" -f -a "create" -d 'Create an account'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from account" -f -a "list" -d 'List accounts, with how much each owns'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from account" -f -a "show" -d 'Show one account: what it has, and what its package allows'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from account" -f -a "set" -d 'Give an account another package'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from account" -f -a "suspend" -d 'Shut an account out: logins and mail, not its zones'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from account" -f -a "resume" -d 'Let a suspended account in again'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from account" -f -a "delete" -d 'Delete an account with everything it owns'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from package" -f -a "create" -d 'Create a package of limits'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from package" -f -a "list" -d 'List packages'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from package" -f -a "show" -d 'Show one package'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from package" -f -a "set" -d 'Change the limits of a package, and of every account that has it'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from package" -f -a "delete" -d 'Delete a package that no account has'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from site" -f -a "create" -d 'Create the database, mail, zone and certificate of a domain: all of it or nothing'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from site" -f -a "plan" -d 'Show what would bring sites to what manifests say'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from site" -f -a "apply" -d 'Bring sites to what manifests say'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from site" -f -a "diff" -d 'Compare sites with manifests, or with what they were last made to be: exit 5 where they differ'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from site" -f -a "export" -d 'Print sites as a manifest'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from site" -f -a "handover" -d 'Print the sheet for the customer: name servers, mail settings, database; no passwords'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from site" -f -a "schema" -d 'Print the JSON Schema of manifests'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from site" -f -a "list" -d 'List sites'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from site" -f -a "show" -d 'Show one site'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from site" -f -a "suspend" -d 'Let nobody log in to the database and the mail of a site; nothing is lost'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from site" -f -a "resume" -d 'Let the users of a site in again'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from site" -f -a "delete" -d 'Delete a site with everything that was made with it'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from sandbox" -f -a "up" -d 'Start one and make it ready'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from sandbox" -f -a "status" -d 'Show its servers'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from sandbox" -f -a "env" -d 'Print the variables for a shell: eval "$(hostctl sandbox env)"'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from sandbox" -f -a "demo" -d 'Show what hostctl does, in a sandbox of its own that is gone afterwards'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from sandbox" -f -a "down" -d 'End its servers and remove it'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from db" -f -a "create" -d 'Create a database, its owner and a role that logs in'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from db" -f -a "list" -d 'List databases'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from db" -f -a "show" -d 'Show one database and where its clients find it'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from db" -f -a "passwd" -d 'Set another password for the role of a database'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from db" -f -a "set" -d 'Set limits, extensions or the quota of a database'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from db" -f -a "suspend" -d 'Suspend a database: nobody logs in, nothing in it is touched'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from db" -f -a "resume" -d 'Let the role of a suspended database log in again'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from db" -f -a "backup" -d 'Write a database to an archive'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from db" -f -a "backups" -d 'List archives that were written'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from db" -f -a "restore" -d 'Restore a database from an archive'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from db" -f -a "delete" -d 'Delete a database, its roles and all that is in it'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from mail" -f -a "domain" -d 'Domains that take mail'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from mail" -f -a "box" -d 'Mail boxes'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from mail" -f -a "alias" -d 'Aliases: mail for one address goes to others'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from mail" -f -a "home" -d 'Directories that deleted boxes have left'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from mail" -f -a "dkim" -d 'The keys that sign a domain\'s mail'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from mail" -f -a "config" -d 'Configuration for mail servers'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "issue" -d 'Get a certificate from an authority'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "renew" -d 'Renew what is due, and bring it to this host; for cron, says nothing where nothing is due, 10 where something failed or has waited too long'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "import" -d 'Take certificates and keys that certbot, lego or files hold'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "list" -d 'List certificates'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "show" -d 'Show one certificate'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "status" -d 'Show how each certificate stands on each host: what is next, when, and why'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "export" -d 'Write a certificate, or a part of it, in PEM or PKCS#12'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "set" -d 'Change the hook, the probe or the key of a certificate'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "place" -d 'Say on which hosts a certificate is to lie'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "deploy" -d 'Bring certificates that are placed on this host to this host'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "check" -d 'Look at a port as a client would: what it shows, and for how long; needs no control database'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "revoke" -d 'Have an authority revoke a certificate; the next renewal replaces it'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "delete" -d 'Delete a certificate; what lies on hosts stays there'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from schema" -f -a "init" -d 'Make roles and schema, or bring them up to date'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from schema" -f -a "migrate" -d 'Bring the schema up to date'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from schema" -f -a "status" -d 'Show which version the schema has, and which this program needs'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from keyring" -f -a "init" -d 'Make a key ring with one key; needs no control database'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from keyring" -f -a "check" -d 'Open every sealed secret (exit 5 where one does not open)'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from dns" -f -a "zone" -d 'Zones at the DNS providers'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from dns" -f -a "record" -d 'Records of a zone'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from dns" -f -a "lookup" -d 'Ask DNS; needs no control database'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from domain" -f -a "add" -d 'Say what to publish to prove that a domain is one\'s own'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from domain" -f -a "verify" -d 'Look whether it was published, at every server that speaks for the domain'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from domain" -f -a "list" -d 'List the domains, proven or not'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from domain" -f -a "show" -d 'Show one domain: what to publish, and what was seen'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from domain" -f -a "delete" -d 'Forget a domain, and what it has proven'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "register" -d 'Make an account, or tell the authority other contacts'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "show" -d 'Show the account at an authority, as the authority sees it; without a name, all accounts'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "limits" -d 'Show what counts against the limits of authorities, and which of them want to be left alone'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "rollover" -d 'Give an account another key'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "deactivate" -d 'End an account, for good'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from audit" -f -a "query" -d 'List what was done, oldest first'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from op" -f -a "list" -d 'List operations, oldest first'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from op" -f -a "show" -d 'Show an operation and each of its steps'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from op" -f -a "watch" -d 'Follow an operation until it ends'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from op" -f -a "recover" -d 'End what dead processes left: take it back, or finish it after its point of no return'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from op" -f -a "undo" -d 'Undo a finished operation, where everything is still as it left it'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from op" -f -a "trash" -d 'What was deleted and can still be brought back'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from op" -f -a "retry" -d 'Try again to take back what is stuck'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from op" -f -a "accept" -d 'Accept one step of a stuck operation as it is: its claim is freed'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from op" -f -a "abandon" -d 'Give up an operation that is stuck or kept: what remains of it stays, its claims are freed'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from op" -f -a "reconcile" -d 'Compare the world with the journal after a fail-over or a restore of the control database'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "show" -d 'Show every setting; passwords inside URLs as ***'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "check" -d 'Check the configuration, and the programs of the operator\'s own steps'
complete -c hostctl -n "__fish_hostctl_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "path" -d 'Print the path of the configuration file'
