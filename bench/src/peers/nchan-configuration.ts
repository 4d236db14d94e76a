export const NGINX = '/usr/sbin/nginx';
export const MODULE = '/usr/lib/nginx/modules/ngx_nchan_module.so';

/** Streams and publishers, below the limit of open files of the machines that this runs on. */
const CONNECTIONS = 19_500;
const FILES = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

/** What someone would set who wants it fast: nothing logged, next to nothing kept, nothing compressed. */
export function configuration(port: number, folder: string): string {
  const temporary = FILES.map((name) => `  ${name}_temp_path ${folder}/temporary/${name};`);
  return `load_module ${MODULE};
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes 1;
worker_rlimit_nofile 20000;
pid ${folder}/nginx.pid;
error_log stderr error;
events {
  worker_connections ${CONNECTIONS};
  use epoll;
  multi_accept on;
}
http {
${temporary.join('\n')}
  access_log off;
  tcp_nodelay on;
  gzip off;
  keepalive_timeout 600s;
  keepalive_requests 1000000000;
  nchan_shared_memory_size 512M;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = /publish {
      nchan_publisher http;
      nchan_channel_id $arg_channel;
      nchan_message_buffer_length 1;
      nchan_message_timeout 5s;
    }
    location = /all {
      nchan_subscriber eventsource;
      nchan_channel_id all;
      nchan_subscriber_first_message newest;
      nchan_eventsource_ping_interval 25;
    }
    location = /own {
      nchan_subscriber eventsource;
      nchan_channel_id user-$arg_user;
      nchan_subscriber_first_message newest;
      nchan_eventsource_ping_interval 25;
    }
  }
}
`;
}
